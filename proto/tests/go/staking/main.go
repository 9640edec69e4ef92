// Records blocks of staking, slashing and evidence: what wasmd's own modules make of a random but seeded scenario.
//
// There is no consensus and there are no transactions: the hooks of mint, distribution, slashing, evidence and staking run as in
// a block, and messages go through the message router with a gas meter of their own. The answer is JSON on standard output.
package main

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash"
	"os"
	"time"

	abci "github.com/cometbft/cometbft/abci/types"
	cmtproto "github.com/cometbft/cometbft/proto/tendermint/types"
	gogoproto "github.com/cosmos/gogoproto/proto"

	"cosmossdk.io/core/appmodule"
	coreheader "cosmossdk.io/core/header"
	errorsmod "cosmossdk.io/errors"
	storetypes "cosmossdk.io/store/types"
	evidencetypes "cosmossdk.io/x/evidence/types"

	codectypes "github.com/cosmos/cosmos-sdk/codec/types"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/types/module"
	slashingtypes "github.com/cosmos/cosmos-sdk/x/slashing/types"
	stakingtypes "github.com/cosmos/cosmos-sdk/x/staking/types"
)

const blocks = 80

type object = map[string]any

var stores = []string{"acc", "bank", "distribution", "evidence", "mint", "protocolpool", "slashing", "staking"}

func check(err error) {
	if err != nil {
		panic(err)
	}
}

func main() {
	seed := int64(1)
	if len(os.Args) > 1 {
		_, err := fmt.Sscan(os.Args[1], &seed)
		check(err)
	}
	w := newWorld(seed)
	result := w.genesis()
	steps := []any{}
	for range blocks {
		step := w.block()
		if step == nil {
			break
		}
		steps = append(steps, step)
	}
	result["steps"] = steps
	result["exports"] = w.exports()
	check(json.NewEncoder(os.Stdout).Encode(result))
}

// genesis initializes the modules and notes their states as protobuf.
func (w *world) genesis() object {
	states, order := w.states()
	genesis, first := []any{}, []abci.ValidatorUpdate{}
	for _, name := range order {
		text := w.app.AppCodec().MustMarshalJSON(states[name])
		wire, err := gogoproto.Marshal(states[name])
		check(err)
		genesis = append(genesis, []string{name, hex.EncodeToString(wire)})
		switch m := w.app.ModuleManager.Modules[name].(type) {
		case module.HasGenesis:
			m.InitGenesis(w.base, w.app.AppCodec(), text)
		case module.HasABCIGenesis:
			first = append(first, m.InitGenesis(w.base, w.app.AppCodec(), text)...)
		}
	}
	return object{
		"genesis": genesis, "seconds": w.now.Unix(), "nanos": w.now.Nanosecond(),
		"updates": updates(first), "stores": w.hashes(w.base),
	}
}

// block is nothing once everybody is jailed: consensus would have stopped.
func (w *world) block() object {
	w.height++
	w.now = w.now.Add(time.Duration(1+w.dice.Intn(12))*time.Second + time.Duration(w.dice.Intn(1000)))
	votes := w.votes()
	if len(votes) == 0 {
		return nil
	}
	misbehavior := w.misbehavior(votes)
	proposer := votes[w.dice.Intn(len(votes))].Validator.Address
	header := cmtproto.Header{
		ChainID: chainID, Height: w.height, Time: w.now, ProposerAddress: proposer,
		NextValidatorsHash: []byte{byte(w.height)}, AppHash: []byte{1, byte(w.height)},
	}
	ctx := w.base.WithBlockHeader(header).
		WithHeaderInfo(coreheader.Info{ChainID: chainID, Height: w.height, Time: w.now}).
		WithVoteInfos(votes).WithCometInfo(info{misbehavior, proposer}).
		WithGasMeter(storetypes.NewInfiniteGasMeter()).WithEventManager(sdk.NewEventManager())
	w.last = ctx
	step := object{
		"height": w.height, "seconds": w.now.Unix(), "nanos": w.now.Nanosecond(), "proposer": hex.EncodeToString(proposer),
	}
	voted, misbehaved, messages := []any{}, []any{}, []any{}
	for _, v := range votes {
		voted = append(voted, []any{hex.EncodeToString(v.Validator.Address), v.Validator.Power, int(v.BlockIdFlag)})
	}
	for _, m := range misbehavior {
		wire, err := m.Marshal()
		check(err)
		misbehaved = append(misbehaved, hex.EncodeToString(wire))
	}
	for _, name := range []string{"mint", "distribution", "slashing", "evidence", "staking"} {
		check(w.app.ModuleManager.Modules[name].(appmodule.HasBeginBlocker).BeginBlock(ctx))
	}
	step["votes"], step["misbehavior"], step["begin"] = voted, misbehaved, events(ctx.EventManager().ABCIEvents())
	for n := w.dice.Intn(9); n > 0; n-- {
		messages = append(messages, w.run(ctx, w.message()))
	}
	end := ctx.WithEventManager(sdk.NewEventManager())
	changes, err := w.app.ModuleManager.Modules["staking"].(module.HasABCIEndBlock).EndBlock(end)
	check(err)
	step["messages"], step["end"] = messages, events(end.EventManager().ABCIEvents())
	step["updates"], step["stores"] = updates(changes), w.hashes(ctx)
	return step
}

// run hands a message to its handler, as it comes out of a transaction.
func (w *world) run(ctx sdk.Context, msg sdk.Msg) object {
	wire, err := gogoproto.Marshal(msg)
	check(err)
	url := sdk.MsgTypeURL(msg)
	var back sdk.Msg
	check(w.app.AppCodec().UnpackAny(&codectypes.Any{TypeUrl: url, Value: wire}, &back))
	out := object{"url": url, "value": hex.EncodeToString(wire)}
	meter := storetypes.NewInfiniteGasMeter()
	branch, write := ctx.CacheContext()
	branch = branch.WithGasMeter(meter).WithEventManager(sdk.NewEventManager())
	func() {
		defer func() {
			if p := recover(); p != nil {
				out["code"], out["codespace"], out["log"] = 111222, "undefined", fmt.Sprint(p)
			}
		}()
		answer, err := w.app.MsgServiceRouter().Handler(back)(branch, back)
		if err != nil {
			space, code, log := errorsmod.ABCIInfo(err, false)
			out["code"], out["codespace"], out["log"] = code, space, log
			return
		}
		out["code"], out["codespace"] = 0, ""
		out["data"], out["events"] = hex.EncodeToString(answer.MsgResponses[0].Value), events(answer.Events)
		write()
	}()
	out["gas"] = meter.GasConsumed()
	return out
}

func (w *world) exports() object {
	out := object{}
	states := map[string]gogoproto.Message{
		"staking": &stakingtypes.GenesisState{}, "slashing": &slashingtypes.GenesisState{}, "evidence": &evidencetypes.GenesisState{},
	}
	for name, state := range states {
		exporter := w.app.ModuleManager.Modules[name].(interface {
			ExportGenesis(sdk.Context, codecJSON) json.RawMessage
		})
		w.app.AppCodec().MustUnmarshalJSON(exporter.ExportGenesis(w.last, w.app.AppCodec()), state)
		wire, err := gogoproto.Marshal(state)
		check(err)
		out[name] = hex.EncodeToString(wire)
	}
	return out
}

// hashes has the first eight bytes of a hash over the entries of each store.
func (w *world) hashes(ctx sdk.Context) object {
	out := object{}
	for _, name := range stores {
		entries := ctx.WithGasMeter(storetypes.NewInfiniteGasMeter()).KVStore(w.app.GetKey(name)).Iterator(nil, nil)
		sum := sha256.New()
		for ; entries.Valid(); entries.Next() {
			part(sum, entries.Key())
			part(sum, entries.Value())
		}
		check(entries.Close())
		out[name] = hex.EncodeToString(sum.Sum(nil)[:8])
	}
	return out
}

func part(sum hash.Hash, bytes []byte) {
	check(binary.Write(sum, binary.BigEndian, uint32(len(bytes))))
	sum.Write(bytes)
}

func events(list []abci.Event) []any {
	out := []any{}
	for _, event := range list {
		attributes := []any{}
		for _, attribute := range event.Attributes {
			attributes = append(attributes, []string{attribute.Key, attribute.Value})
		}
		out = append(out, []any{event.Type, attributes})
	}
	return out
}

func updates(list []abci.ValidatorUpdate) []any {
	out := []any{}
	for _, update := range list {
		wire, err := update.Marshal()
		check(err)
		out = append(out, hex.EncodeToString(wire))
	}
	return out
}
