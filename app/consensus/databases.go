package main

import (
	dbm "github.com/cometbft/cometbft-db"
	"github.com/cometbft/cometbft/config"
	"github.com/syndtr/goleveldb/leveldb/opt"
)

// A transaction's attributes are as many keys, in no order, in the index: with the 4 MiB that goleveldb collects by itself before
// it writes a table, a busy node spends a fifth of its processor time on merging tables. The files are the same.
const (
	collected  = 32 * opt.MiB
	tableSize  = 8 * opt.MiB
	firstLevel = 128 * opt.MiB
)

// openDatabase is CometBFT's provider of databases, with more room where the backend is goleveldb.
func openDatabase(context *config.DBContext) (dbm.DB, error) {
	if dbm.BackendType(context.Config.DBBackend) != dbm.GoLevelDBBackend {
		return config.DefaultDBProvider(context)
	}
	return dbm.NewGoLevelDBWithOpts(context.ID, context.Config.DBDir(), &opt.Options{
		WriteBuffer:         collected,
		CompactionTableSize: tableSize,
		CompactionTotalSize: firstLevel,
	})
}
