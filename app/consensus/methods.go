package main

import (
	"context"

	abcicli "github.com/cometbft/cometbft/abci/client"
	"github.com/cometbft/cometbft/abci/types"
)

// The methods of ABCI, each a request and its answer.

func (c *client) CheckTxAsync(ctx context.Context, request *types.RequestCheckTx) (*abcicli.ReqRes, error) {
	return c.enqueue(ctx, types.ToRequestCheckTx(request))
}

// Flush returns when all that was asked before is answered.
func (c *client) Flush(ctx context.Context) error {
	_, err := c.ask(ctx, types.ToRequestFlush())
	return err
}

func (c *client) Echo(ctx context.Context, message string) (*types.ResponseEcho, error) {
	response, err := c.ask(ctx, types.ToRequestEcho(message))
	return response.GetEcho(), err
}

func (c *client) Info(ctx context.Context, request *types.RequestInfo) (*types.ResponseInfo, error) {
	response, err := c.ask(ctx, types.ToRequestInfo(request))
	return response.GetInfo(), err
}

func (c *client) Query(ctx context.Context, request *types.RequestQuery) (*types.ResponseQuery, error) {
	response, err := c.ask(ctx, types.ToRequestQuery(request))
	return response.GetQuery(), err
}

func (c *client) CheckTx(ctx context.Context, request *types.RequestCheckTx) (*types.ResponseCheckTx, error) {
	response, err := c.ask(ctx, types.ToRequestCheckTx(request))
	return response.GetCheckTx(), err
}

func (c *client) InitChain(ctx context.Context, request *types.RequestInitChain) (*types.ResponseInitChain, error) {
	response, err := c.ask(ctx, types.ToRequestInitChain(request))
	return response.GetInitChain(), err
}

func (c *client) PrepareProposal(ctx context.Context, request *types.RequestPrepareProposal) (*types.ResponsePrepareProposal, error) {
	response, err := c.ask(ctx, types.ToRequestPrepareProposal(request))
	return response.GetPrepareProposal(), err
}

func (c *client) ProcessProposal(ctx context.Context, request *types.RequestProcessProposal) (*types.ResponseProcessProposal, error) {
	response, err := c.ask(ctx, types.ToRequestProcessProposal(request))
	return response.GetProcessProposal(), err
}

func (c *client) FinalizeBlock(ctx context.Context, request *types.RequestFinalizeBlock) (*types.ResponseFinalizeBlock, error) {
	response, err := c.ask(ctx, types.ToRequestFinalizeBlock(request))
	return response.GetFinalizeBlock(), err
}

func (c *client) ExtendVote(ctx context.Context, request *types.RequestExtendVote) (*types.ResponseExtendVote, error) {
	response, err := c.ask(ctx, types.ToRequestExtendVote(request))
	return response.GetExtendVote(), err
}

func (c *client) VerifyVoteExtension(ctx context.Context, request *types.RequestVerifyVoteExtension) (*types.ResponseVerifyVoteExtension, error) {
	response, err := c.ask(ctx, types.ToRequestVerifyVoteExtension(request))
	return response.GetVerifyVoteExtension(), err
}

func (c *client) Commit(ctx context.Context, _ *types.RequestCommit) (*types.ResponseCommit, error) {
	response, err := c.ask(ctx, types.ToRequestCommit())
	return response.GetCommit(), err
}

func (c *client) ListSnapshots(ctx context.Context, request *types.RequestListSnapshots) (*types.ResponseListSnapshots, error) {
	response, err := c.ask(ctx, types.ToRequestListSnapshots(request))
	return response.GetListSnapshots(), err
}

func (c *client) OfferSnapshot(ctx context.Context, request *types.RequestOfferSnapshot) (*types.ResponseOfferSnapshot, error) {
	response, err := c.ask(ctx, types.ToRequestOfferSnapshot(request))
	return response.GetOfferSnapshot(), err
}

func (c *client) LoadSnapshotChunk(ctx context.Context, request *types.RequestLoadSnapshotChunk) (*types.ResponseLoadSnapshotChunk, error) {
	response, err := c.ask(ctx, types.ToRequestLoadSnapshotChunk(request))
	return response.GetLoadSnapshotChunk(), err
}

func (c *client) ApplySnapshotChunk(ctx context.Context, request *types.RequestApplySnapshotChunk) (*types.ResponseApplySnapshotChunk, error) {
	response, err := c.ask(ctx, types.ToRequestApplySnapshotChunk(request))
	return response.GetApplySnapshotChunk(), err
}
