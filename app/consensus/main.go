// Command iz-cometbft is CometBFT with three differences that only show in its speed: how it writes to an application behind a socket
// (client.go), how much its databases collect before they write (databases.go), and how often garbage is collected. One command is more:
// bootstrap-state, which Go applications have in their own binary (bootstrap.go). All else is CometBFT's own: commands, files, flags, protocol.
package main

import (
	"os"
	"path/filepath"
	runtime "runtime/debug"
	"strings"

	abcicli "github.com/cometbft/cometbft/abci/client"
	"github.com/cometbft/cometbft/cmd/cometbft/commands"
	"github.com/cometbft/cometbft/cmd/cometbft/commands/debug"
	"github.com/cometbft/cometbft/config"
	"github.com/cometbft/cometbft/libs/cli"
	"github.com/cometbft/cometbft/libs/log"
	"github.com/cometbft/cometbft/node"
	"github.com/cometbft/cometbft/p2p"
	"github.com/cometbft/cometbft/privval"
	"github.com/cometbft/cometbft/proxy"
)

// Between two collections of garbage the memory may grow by this percentage of what is in use; GOGC, where it is set, says otherwise.
// A node under load leaves so much garbage and keeps so little that collecting takes a tenth of its time at Go's 100.
const garbagePercent = 300

func main() {
	if os.Getenv("GOGC") == "" {
		runtime.SetGCPercent(garbagePercent)
	}
	root := commands.RootCmd
	root.AddCommand(
		commands.GenValidatorCmd,
		commands.InitFilesCmd,
		commands.LightCmd,
		commands.ReplayCmd,
		commands.ReplayConsoleCmd,
		commands.ResetAllCmd,
		commands.ResetPrivValidatorCmd,
		commands.ResetStateCmd,
		commands.ShowValidatorCmd,
		commands.TestnetFilesCmd,
		commands.ShowNodeIDCmd,
		commands.ReIndexEventCmd,
		commands.GenNodeKeyCmd,
		commands.VersionCmd,
		commands.RollbackStateCmd,
		commands.CompactGoLevelDBCmd,
		commands.InspectCmd,
		bootstrapCommand(),
		debug.DebugCmd,
		cli.NewCompletionCmd(root, true),
		commands.NewRunNodeCmd(newNode),
	)
	home := os.ExpandEnv(filepath.Join("$HOME", config.DefaultTendermintDir))
	if err := cli.PrepareBaseCmd(root, "CMT", home).Execute(); err != nil {
		os.Exit(1)
	}
}

// newNode is CometBFT's node, but for how it reaches the application.
func newNode(settings *config.Config, logger log.Logger) (*node.Node, error) {
	key, err := p2p.LoadOrGenNodeKey(settings.NodeKeyFile())
	if err != nil {
		return nil, err
	}
	return node.NewNode(settings,
		privval.LoadOrGenFilePV(settings.PrivValidatorKeyFile(), settings.PrivValidatorStateFile()),
		key,
		clientsOf(settings),
		node.DefaultGenesisDocProviderFunc(settings),
		openDatabase,
		node.DefaultMetricsProvider(settings.Instrumentation),
		logger,
	)
}

// clients makes a connection to the application each time it is asked.
type clients struct {
	address string
}

func (c clients) NewABCIClient() (abcicli.Client, error) {
	return newClient(c.address, false), nil
}

// clientsOf: gRPC, and the example applications inside CometBFT, are reached as CometBFT does.
func clientsOf(settings *config.Config) proxy.ClientCreator {
	if settings.ABCI != "socket" || !strings.Contains(settings.ProxyApp, "://") {
		return proxy.DefaultClientCreator(settings.ProxyApp, settings.ABCI, settings.DBDir())
	}
	return clients{settings.ProxyApp}
}
