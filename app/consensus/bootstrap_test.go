package main

import (
	"strings"
	"testing"

	"github.com/cometbft/cometbft/config"
)

func TestWhatIsTrustedIsAskedForWhereStateSyncIsOff(t *testing.T) {
	settings := config.DefaultStateSyncConfig()
	for _, step := range []struct {
		missing string
		set     func()
	}{
		{"rpc_servers", func() { settings.RPCServers = []string{"http://one", "http://two"} }},
		{"trusted_height", func() { settings.TrustHeight = 7 }},
		{"trusted_hash", func() { settings.TrustHash = "no hex" }},
		{"invalid trusted_hash", func() { settings.TrustHash = "00ff" }},
	} {
		if err := checkTrust(settings); err == nil || !strings.Contains(err.Error(), step.missing) {
			t.Fatalf("%s: %v", step.missing, err)
		}
		step.set()
	}
	if err := checkTrust(settings); err != nil || settings.Enable {
		t.Fatal(err, settings.Enable)
	}
}

func TestAStateIsNamedByHeightAndHash(t *testing.T) {
	home := t.TempDir()
	for _, given := range [][]string{{}, {"--height=5"}, {"--app-hash=00"}, {"--height=5", "--app-hash=no hex"}} {
		command := bootstrapCommand()
		command.Flags().String("home", home, "")
		command.SetArgs(given)
		command.SilenceErrors, command.SilenceUsage = true, true
		if err := command.Execute(); err == nil || !strings.Contains(err.Error(), "--app-hash") {
			t.Fatal(given, err)
		}
	}
}

func TestADatabaseIsClosedOnceAndCloseAskedForTwice(t *testing.T) {
	settings := config.DefaultConfig().SetRoot(t.TempDir())
	database, err := openClosable(&config.DBContext{ID: "state", Config: settings})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := database.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := database.Get([]byte("key")); err == nil {
		t.Fatal("it was not closed")
	}
}
