package main

import (
	"testing"

	"github.com/cometbft/cometbft/config"
)

// A node goes from CometBFT's own binary to this one and back on the same files.
func TestDatabasesAreReadByCometBFTAndTheOtherWay(t *testing.T) {
	settings := config.TestConfig()
	settings.SetRoot(t.TempDir())
	settings.DBBackend = "goleveldb"
	context := &config.DBContext{ID: "tx_index", Config: settings}
	turns := []config.DBProvider{config.DefaultDBProvider, openDatabase, config.DefaultDBProvider}
	for turn, open := range turns {
		database, err := open(context)
		if err != nil {
			t.Fatal(err)
		}
		for before := 0; before < turn; before++ {
			value, err := database.Get([]byte{byte(before + 1)})
			if err != nil || string(value) != "kept" {
				t.Fatalf("turn %d does not find what turn %d wrote: %q, %v", turn, before, value, err)
			}
		}
		if err := database.SetSync([]byte{byte(turn + 1)}, []byte("kept")); err != nil {
			t.Fatal(err)
		}
		if err := database.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestOtherBackendsAreOpenedAsCometBFTDoes(t *testing.T) {
	settings := config.TestConfig()
	settings.DBBackend = "memdb"
	database, err := openDatabase(&config.DBContext{ID: "state", Config: settings})
	if err != nil {
		t.Fatal(err)
	}
	_ = database.Close()
	settings.DBBackend = "none such"
	if _, err := openDatabase(&config.DBContext{ID: "state", Config: settings}); err == nil {
		t.Fatal("a backend that is not there was opened")
	}
}
