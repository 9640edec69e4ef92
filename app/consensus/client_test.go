package main

import (
	"context"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	abcicli "github.com/cometbft/cometbft/abci/client"
	"github.com/cometbft/cometbft/abci/server"
	"github.com/cometbft/cometbft/abci/types"
)

// counter answers checks and counts them.
type counter struct {
	types.BaseApplication
	checks atomic.Int64
}

func (c *counter) CheckTx(_ context.Context, request *types.RequestCheckTx) (*types.ResponseCheckTx, error) {
	c.checks.Add(1)
	return &types.ResponseCheckTx{Data: request.Tx}, nil
}

func start(t *testing.T) (abcicli.Client, *counter) {
	t.Helper()
	application := &counter{}
	address := "unix://" + filepath.Join(t.TempDir(), "abci.sock")
	service := server.NewSocketServer(address, application)
	if err := service.Start(); err != nil {
		t.Fatal(err)
	}
	client := newClient(address, true)
	if err := client.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = client.Stop()
		_ = service.Stop()
	})
	return client, application
}

func check(t *testing.T, client abcicli.Client, tx string) *abcicli.ReqRes {
	t.Helper()
	result, err := client.CheckTxAsync(context.Background(), &types.RequestCheckTx{Tx: []byte(tx)})
	if err != nil {
		t.Fatal(err)
	}
	return result
}

// One after another, each waiting for its answer, as a client of broadcast_tx_sync does: with the 20 ms of CometBFT's own client
// three hundred take six seconds.
func TestAnswersDoNotWaitForTheBuffer(t *testing.T) {
	client, _ := start(t)
	const requests = 300
	begun := time.Now()
	for range requests {
		check(t, client, "one").Wait()
	}
	if took := time.Since(begun); took > requests*20*time.Millisecond/2 {
		t.Fatalf("%d requests took %v", requests, took)
	}
}

func TestEveryRequestOfManyClientsIsAnsweredOnceAndInItsPlace(t *testing.T) {
	client, application := start(t)
	const clients, each = 32, 50
	var wait sync.WaitGroup
	for number := range clients {
		wait.Add(1)
		go func() {
			defer wait.Done()
			tx := string(rune('a' + number))
			for range each {
				result := check(t, client, tx)
				result.Wait()
				if got := string(result.Response.GetCheckTx().Data); got != tx {
					t.Errorf("asked about %q, answered about %q", tx, got)
				}
			}
		}()
	}
	wait.Wait()
	if got := application.checks.Load(); got != clients*each {
		t.Fatalf("%d checks, not %d", got, clients*each)
	}
}

func TestAClientThatWasStoppedAnswersNoMore(t *testing.T) {
	client, _ := start(t)
	check(t, client, "one").Wait()
	if err := client.Stop(); err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		if result, err := client.CheckTxAsync(context.Background(), &types.RequestCheckTx{}); err == nil && result == nil {
			t.Error("neither an error nor a result")
		}
	}()
	select {
	case <-done:
	case <-time.After(30 * time.Second):
		t.Fatal("a request to a stopped client hangs")
	}
}
