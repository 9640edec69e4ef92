package main

import (
	"encoding/hex"
	"errors"
	"fmt"

	dbm "github.com/cometbft/cometbft-db"
	"github.com/cometbft/cometbft/cmd/cometbft/commands"
	"github.com/cometbft/cometbft/config"
	"github.com/cometbft/cometbft/node"
	"github.com/spf13/cobra"
)

// bootstrapCommand lets CometBFT go on from a state that the application got without it, from a snapshot in a file: it asks the servers of
// [statesync] for what belongs to that height, and checks it from the trusted block on, as state sync over the network does.
func bootstrapCommand() *cobra.Command {
	var height uint64
	var appHash string
	command := &cobra.Command{
		Use:   "bootstrap-state",
		Short: "bootstrap CometBFT state at a height, for an application that has its state already",
		Args:  cobra.NoArgs,
		RunE: func(command *cobra.Command, _ []string) error {
			settings, err := commands.ParseConfig(command)
			if err != nil {
				return err
			}
			hash, err := hex.DecodeString(appHash)
			if err != nil {
				return fmt.Errorf("--app-hash: %w", err)
			}
			if height == 0 || len(hash) == 0 {
				return errors.New("--height and --app-hash say what state the application has")
			}
			if err := checkTrust(settings.StateSync); err != nil {
				return err
			}
			return node.BootstrapState(command.Context(), settings, openClosable, height, hash)
		},
	}
	command.Flags().Uint64Var(&height, "height", 0, "height of the application's state")
	command.Flags().StringVar(&appHash, "app-hash", "", "its hash, in hex")
	return command
}

// checkTrust asks of the settings what CometBFT asks of them only where state sync is enabled, and relies on.
func checkTrust(settings *config.StateSyncConfig) error {
	enabled := *settings
	enabled.Enable = true
	if err := enabled.ValidateBasic(); err != nil {
		return fmt.Errorf("config.toml, [statesync]: %w", err)
	}
	return nil
}

// closable can be closed again. Where hashes differ, CometBFT closes its databases twice, and reports that the second time failed.
type closable struct {
	dbm.DB
	closed bool
}

func (database *closable) Close() error {
	if database.closed {
		return nil
	}
	database.closed = true
	return database.DB.Close()
}

func openClosable(context *config.DBContext) (dbm.DB, error) {
	database, err := openDatabase(context)
	if err != nil {
		return nil, err
	}
	return &closable{DB: database}, nil
}
