package main

import (
	"fmt"
	"math/rand"
	"os"
	"time"

	abci "github.com/cometbft/cometbft/abci/types"
	cmtproto "github.com/cometbft/cometbft/proto/tendermint/types"
	dbm "github.com/cosmos/cosmos-db"
	gogoproto "github.com/cosmos/gogoproto/proto"

	"cosmossdk.io/core/comet"
	"cosmossdk.io/log"
	"cosmossdk.io/math"
	evidencetypes "cosmossdk.io/x/evidence/types"

	"github.com/CosmWasm/wasmd/app"
	"github.com/cosmos/cosmos-sdk/client/flags"
	"github.com/cosmos/cosmos-sdk/codec"
	"github.com/cosmos/cosmos-sdk/crypto/keys/ed25519"
	"github.com/cosmos/cosmos-sdk/crypto/keys/secp256k1"
	cryptotypes "github.com/cosmos/cosmos-sdk/crypto/types"
	simtestutil "github.com/cosmos/cosmos-sdk/testutil/sims"
	sdk "github.com/cosmos/cosmos-sdk/types"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"
	distrtypes "github.com/cosmos/cosmos-sdk/x/distribution/types"
	minttypes "github.com/cosmos/cosmos-sdk/x/mint/types"
	pooltypes "github.com/cosmos/cosmos-sdk/x/protocolpool/types"
	slashingtypes "github.com/cosmos/cosmos-sdk/x/slashing/types"
	stakingtypes "github.com/cosmos/cosmos-sdk/x/staking/types"
)

const (
	chainID = "test-1"
	people  = 12
)

type codecJSON = codec.JSONCodec

type world struct {
	app      *app.WasmApp
	dice     *rand.Rand
	base     sdk.Context
	last     sdk.Context
	height   int64
	now      time.Time
	accounts []sdk.AccAddress
	keys     []cryptotypes.PubKey
	staking  stakingtypes.Params
	slashing slashingtypes.Params
	// until which height a validator is away
	away map[string]int64
}

func newWorld(seed int64) *world {
	config := sdk.GetConfig()
	config.SetBech32PrefixForAccount(app.Bech32PrefixAccAddr, app.Bech32PrefixAccPub)
	config.SetBech32PrefixForValidator(app.Bech32PrefixValAddr, app.Bech32PrefixValPub)
	config.SetBech32PrefixForConsensusNode(app.Bech32PrefixConsAddr, app.Bech32PrefixConsPub)
	home, err := os.MkdirTemp("", "recording")
	check(err)
	defer os.RemoveAll(home)
	options := simtestutil.AppOptionsMap{flags.FlagHome: home}
	w := &world{
		app:  app.NewWasmApp(log.NewNopLogger(), dbm.NewMemDB(), nil, true, options, nil),
		dice: rand.New(rand.NewSource(seed)),
		now:  time.Unix(1700000000, 500).UTC(),
		away: map[string]int64{},
	}
	w.base = w.app.NewUncachedContext(false, cmtproto.Header{ChainID: chainID, Time: w.now}).
		WithConsensusParams(cmtproto.ConsensusParams{
			Block:     &cmtproto.BlockParams{MaxBytes: 22020096, MaxGas: -1},
			Evidence:  &cmtproto.EvidenceParams{MaxAgeNumBlocks: 20, MaxAgeDuration: 40 * time.Second, MaxBytes: 1048576},
			Validator: &cmtproto.ValidatorParams{PubKeyTypes: []string{"ed25519", "secp256k1"}},
		})
	w.last = w.base
	for i := range people {
		key := secp256k1.GenPrivKeyFromSecret([]byte(fmt.Sprintf("account %d", i))).PubKey()
		w.accounts = append(w.accounts, sdk.AccAddress(key.Address()))
		secret := []byte(fmt.Sprintf("validator %d", i))
		if i == 4 {
			w.keys = append(w.keys, secp256k1.GenPrivKeyFromSecret(secret).PubKey())
		} else {
			w.keys = append(w.keys, ed25519.GenPrivKeyFromSecret(secret).PubKey())
		}
	}
	return w
}

func stake(amount int64) sdk.Coins { return sdk.NewCoins(sdk.NewInt64Coin("stake", amount)) }

// states has three validators that are not yet in the set, and short periods, so that queues come due.
func (w *world) states() (map[string]gogoproto.Message, []string) {
	accounts, balances := authtypes.GenesisAccounts{}, []banktypes.Balance{}
	for i, address := range w.accounts {
		accounts = append(accounts, authtypes.NewBaseAccount(address, nil, uint64(i), 0))
		balances = append(balances, banktypes.Balance{Address: address.String(), Coins: stake(1_000_000_000)})
	}
	validators, delegations, total := []stakingtypes.Validator{}, []stakingtypes.Delegation{}, int64(0)
	for i := range 3 {
		operator := sdk.ValAddress(w.accounts[i]).String()
		v, err := stakingtypes.NewValidator(operator, w.keys[i], stakingtypes.Description{Moniker: fmt.Sprintf("v%d", i)})
		check(err)
		tokens := int64(10_000_000 + i*1_500_000)
		v.Tokens, v.DelegatorShares = math.NewInt(tokens), math.LegacyNewDec(tokens)
		percent := func(n int64) math.LegacyDec { return math.LegacyNewDecWithPrec(n, 2) }
		v.Commission = stakingtypes.NewCommission(percent(10), percent(30), percent(5))
		validators = append(validators, v)
		delegations = append(delegations, stakingtypes.NewDelegation(w.accounts[i].String(), operator, math.LegacyNewDec(tokens)))
		total += tokens
	}
	pool := authtypes.NewModuleAddress(stakingtypes.NotBondedPoolName).String()
	balances = append(balances, banktypes.Balance{Address: pool, Coins: stake(total)})

	w.staking = stakingtypes.DefaultParams()
	w.staking.UnbondingTime = 60 * time.Second
	w.staking.MaxValidators, w.staking.MaxEntries, w.staking.HistoricalEntries = 4, 3, 5
	w.staking.MinCommissionRate = math.LegacyNewDecWithPrec(1, 2)
	slashing := slashingtypes.DefaultGenesisState()
	slashing.Params.SignedBlocksWindow = 6
	slashing.Params.DowntimeJailDuration = 30 * time.Second
	w.slashing = slashing.Params
	balances = banktypes.SanitizeGenesisBalances(balances)
	return map[string]gogoproto.Message{
		"auth":         authtypes.NewGenesisState(authtypes.DefaultParams(), accounts),
		"bank":         banktypes.NewGenesisState(banktypes.DefaultParams(), balances, nil, nil, nil),
		"distribution": distrtypes.DefaultGenesisState(),
		"staking":      stakingtypes.NewGenesisState(w.staking, validators, delegations),
		"slashing":     slashing,
		"mint":         minttypes.DefaultGenesisState(),
		"evidence":     evidencetypes.DefaultGenesisState(),
		"protocolpool": pooltypes.DefaultGenesisState(),
	}, []string{"auth", "bank", "distribution", "staking", "slashing", "mint", "evidence", "protocolpool"}
}

// votes are those of the set, of whom some are away for a while and some vote for nothing.
func (w *world) votes() []abci.VoteInfo {
	votes := []abci.VoteInfo{}
	check(w.app.StakingKeeper.IterateLastValidatorPowers(w.last, func(operator sdk.ValAddress, power int64) bool {
		v, err := w.app.StakingKeeper.GetValidator(w.last, operator)
		check(err)
		address, err := v.GetConsAddr()
		check(err)
		votes = append(votes, abci.VoteInfo{Validator: abci.Validator{Address: address, Power: power}, BlockIdFlag: 2})
		return false
	}))
	for i := range votes {
		name := string(votes[i].Validator.Address)
		if w.dice.Intn(70) == 0 {
			w.away[name] = w.height + 8
		}
		if w.height < w.away[name] {
			votes[i].BlockIdFlag = 1
		} else if w.dice.Intn(20) == 0 {
			votes[i].BlockIdFlag = 3
		}
	}
	return votes
}

// misbehavior comes in threes: one to punish, one of an unknown kind, and one that is too old.
func (w *world) misbehavior(votes []abci.VoteInfo) []abci.Misbehavior {
	if len(votes) < 2 || w.height%17 != 0 {
		return nil
	}
	culprit := votes[w.dice.Intn(len(votes))].Validator
	age := int64(1 + w.dice.Intn(4))
	kind := abci.MisbehaviorType(1 + w.dice.Intn(2))
	at := w.now.Add(-time.Duration(age) * 7 * time.Second)
	return []abci.Misbehavior{
		{Type: kind, Validator: culprit, Height: w.height - age, Time: at, TotalVotingPower: 100},
		{Type: 0, Validator: culprit, Height: w.height - age, Time: w.now},
		{Type: 1, Validator: votes[0].Validator, Height: w.height - 25, Time: w.now.Add(-100 * time.Second)},
	}
}

// info is what consensus tells of a block.
type info struct {
	misbehavior []abci.Misbehavior
	proposer    []byte
}

func (i info) GetEvidence() comet.EvidenceList { return evidence(i.misbehavior) }
func (i info) GetValidatorsHash() []byte       { return nil }
func (i info) GetProposerAddress() []byte      { return i.proposer }
func (i info) GetLastCommit() comet.CommitInfo { return nil }

type evidence []abci.Misbehavior

func (e evidence) Len() int                 { return len(e) }
func (e evidence) Get(i int) comet.Evidence { return piece{e[i]} }

type piece struct{ abci.Misbehavior }

func (p piece) Type() comet.MisbehaviorType { return comet.MisbehaviorType(p.Misbehavior.Type) }
func (p piece) Height() int64               { return p.Misbehavior.Height }
func (p piece) Validator() comet.Validator  { return culprit{p.Misbehavior.Validator} }
func (p piece) Time() time.Time             { return p.Misbehavior.Time }
func (p piece) TotalVotingPower() int64     { return p.Misbehavior.TotalVotingPower }

type culprit struct{ abci.Validator }

func (c culprit) Address() []byte { return c.Validator.Address }
func (c culprit) Power() int64    { return c.Validator.Power }
