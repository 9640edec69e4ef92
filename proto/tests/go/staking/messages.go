package main

import (
	"cosmossdk.io/math"
	evidencetypes "cosmossdk.io/x/evidence/types"

	codectypes "github.com/cosmos/cosmos-sdk/codec/types"
	sdk "github.com/cosmos/cosmos-sdk/types"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	distrtypes "github.com/cosmos/cosmos-sdk/x/distribution/types"
	slashingtypes "github.com/cosmos/cosmos-sdk/x/slashing/types"
	stakingtypes "github.com/cosmos/cosmos-sdk/x/staking/types"
)

func (w *world) account() string { return w.accounts[w.dice.Intn(people)].String() }

// validator is now and then nobody.
func (w *world) validator() string {
	if w.dice.Intn(25) == 0 {
		nobody := []string{"", "wasm1xyz", sdk.ValAddress(make([]byte, 20)).String(), w.accounts[0].String()}
		return nobody[w.dice.Intn(len(nobody))]
	}
	return sdk.ValAddress(w.accounts[w.dice.Intn(6)]).String()
}

// coin is now and then none that can be delegated.
func (w *world) coin(most int64) sdk.Coin {
	switch w.dice.Intn(40) {
	case 0:
		return sdk.Coin{Denom: "stake", Amount: math.NewInt(-5)}
	case 1:
		return sdk.Coin{Denom: "stake", Amount: math.ZeroInt()}
	case 2:
		return sdk.NewInt64Coin("other", 5)
	case 3:
		return sdk.NewInt64Coin("stake", 1)
	case 4:
		return sdk.NewInt64Coin("stake", 2_000_000_000)
	}
	return sdk.NewInt64Coin("stake", 1+w.dice.Int63n(most))
}

func (w *world) message() sdk.Msg {
	kind := w.dice.Intn(20)
	if w.height <= 6 && w.dice.Intn(2) == 0 {
		kind = 13
	}
	switch {
	case kind < 5:
		return &stakingtypes.MsgDelegate{DelegatorAddress: w.account(), ValidatorAddress: w.validator(), Amount: w.coin(4_000_000)}
	case kind < 8:
		return w.undelegate()
	case kind < 11:
		return w.redelegate()
	case kind < 13:
		return w.cancelUnbonding()
	case kind < 14:
		return w.createValidator()
	case kind < 15:
		return w.editValidator()
	case kind < 17:
		return &slashingtypes.MsgUnjail{ValidatorAddr: w.validator()}
	case kind < 18:
		return &distrtypes.MsgWithdrawDelegatorReward{DelegatorAddress: w.account(), ValidatorAddress: w.validator()}
	case kind < 19:
		return &distrtypes.MsgWithdrawValidatorCommission{ValidatorAddress: w.validator()}
	default:
		return w.rare()
	}
}

func (w *world) delegation() *stakingtypes.Delegation {
	list, err := w.app.StakingKeeper.GetDelegatorDelegations(w.last, w.accounts[w.dice.Intn(people)], 10)
	check(err)
	if len(list) == 0 {
		return nil
	}
	return &list[w.dice.Intn(len(list))]
}

func (w *world) undelegate() sdk.Msg {
	amount := w.coin(3_000_000)
	if own := w.delegation(); own != nil && w.dice.Intn(4) > 0 {
		if w.dice.Intn(4) == 0 {
			amount = sdk.NewCoin("stake", math.MaxInt(own.Shares.TruncateInt(), math.OneInt()))
		}
		return &stakingtypes.MsgUndelegate{DelegatorAddress: own.DelegatorAddress, ValidatorAddress: own.ValidatorAddress, Amount: amount}
	}
	return &stakingtypes.MsgUndelegate{DelegatorAddress: w.account(), ValidatorAddress: w.validator(), Amount: amount}
}

func (w *world) redelegate() sdk.Msg {
	msg := &stakingtypes.MsgBeginRedelegate{
		DelegatorAddress: w.account(), ValidatorSrcAddress: w.validator(), ValidatorDstAddress: w.validator(), Amount: w.coin(2_000_000),
	}
	if own := w.delegation(); own != nil {
		msg.DelegatorAddress, msg.ValidatorSrcAddress = own.DelegatorAddress, own.ValidatorAddress
	}
	return msg
}

func (w *world) cancelUnbonding() sdk.Msg {
	var list []stakingtypes.UnbondingDelegation
	check(w.app.StakingKeeper.IterateUnbondingDelegations(w.last, func(_ int64, u stakingtypes.UnbondingDelegation) bool {
		list = append(list, u)
		return false
	}))
	if len(list) == 0 {
		return &stakingtypes.MsgCancelUnbondingDelegation{
			DelegatorAddress: w.account(), ValidatorAddress: w.validator(), Amount: w.coin(10), CreationHeight: int64(w.dice.Intn(2)),
		}
	}
	u := list[w.dice.Intn(len(list))]
	entry := u.Entries[w.dice.Intn(len(u.Entries))]
	amount := math.MaxInt(entry.Balance, math.OneInt())
	if w.dice.Intn(2) == 0 && amount.GT(math.NewInt(2)) {
		amount = amount.QuoRaw(2)
	}
	return &stakingtypes.MsgCancelUnbondingDelegation{
		DelegatorAddress: u.DelegatorAddress, ValidatorAddress: u.ValidatorAddress, Amount: sdk.NewCoin("stake", amount),
		CreationHeight: entry.CreationHeight + int64(w.dice.Intn(8)/7),
	}
}

func packed(msg interface {
	Reset()
	String() string
	ProtoMessage()
}) *codectypes.Any {
	any, err := codectypes.NewAnyWithValue(msg)
	check(err)
	return any
}

func (w *world) createValidator() sdk.Msg {
	i := w.dice.Intn(7)
	key := w.keys[i]
	if w.dice.Intn(6) == 0 {
		key = w.keys[w.dice.Intn(people)]
	}
	percent := func(n int) math.LegacyDec { return math.LegacyNewDecWithPrec(int64(n), 2) }
	msg := &stakingtypes.MsgCreateValidator{
		Description:       stakingtypes.Description{Moniker: "new", Website: "w"},
		Commission:        stakingtypes.NewCommissionRates(percent(1+w.dice.Intn(12)), percent(20), percent(w.dice.Intn(22))),
		MinSelfDelegation: math.NewInt(1 + w.dice.Int63n(1000)),
		ValidatorAddress:  sdk.ValAddress(w.accounts[i]).String(),
		Pubkey:            packed(key),
		Value:             w.coin(12_000_000),
	}
	switch w.dice.Intn(24) {
	case 0:
		msg.Pubkey = nil
	case 1:
		msg.Description = stakingtypes.Description{}
	case 2:
		msg.Commission = stakingtypes.CommissionRates{}
	case 3:
		msg.Commission.Rate = math.LegacyDec{}
	case 4:
		msg.Pubkey = &codectypes.Any{}
	}
	return msg
}

func (w *world) editValidator() sdk.Msg {
	msg := &stakingtypes.MsgEditValidator{ValidatorAddress: w.validator()}
	if w.dice.Intn(8) > 0 {
		keep := stakingtypes.DoNotModifyDesc
		msg.Description = stakingtypes.Description{Moniker: "m", Identity: keep, Website: keep, Details: "x"}
	}
	if w.dice.Intn(3) > 0 {
		rate := math.LegacyNewDecWithPrec(int64(w.dice.Intn(40)-1), 2)
		msg.CommissionRate = &rate
	}
	if w.dice.Intn(2) == 0 {
		least := math.NewInt(w.dice.Int63n(3000))
		msg.MinSelfDelegation = &least
	}
	return msg
}

// rare has parameters that change, and evidence that nobody takes.
func (w *world) rare() sdk.Msg {
	authority := authtypes.NewModuleAddress("gov").String()
	switch w.dice.Intn(3) {
	case 0:
		params := w.staking
		params.MaxValidators, params.HistoricalEntries = uint32(2+w.dice.Intn(4)), uint32(w.dice.Intn(6))
		if w.dice.Intn(3) == 0 {
			authority = w.account()
		}
		if w.dice.Intn(4) == 0 {
			params.BondDenom = " "
		}
		return &stakingtypes.MsgUpdateParams{Authority: authority, Params: params}
	case 1:
		params := w.slashing
		params.SlashFractionDowntime = math.LegacyNewDecWithPrec(int64(w.dice.Intn(10)), 2)
		if w.dice.Intn(4) == 0 {
			params.DowntimeJailDuration = 0
		}
		return &slashingtypes.MsgUpdateParams{Authority: authority, Params: params}
	default:
		found := &evidencetypes.Equivocation{Height: int64(w.dice.Intn(3)), Time: w.now, Power: 1, ConsensusAddress: "x"}
		return &evidencetypes.MsgSubmitEvidence{Submitter: w.account(), Evidence: packed(found)}
	}
}
