// Prints vectors: seeded random instances of wasmd's message types in wire format, in JSON and in amino JSON.
//
// One line each, tab-separated: message name, wire bytes (hex), JSON, the wire bytes Go makes from that JSON ("=" when they are
// the same), amino JSON, and for transaction messages the sign bytes of LEGACY_AMINO_JSON. "!" stands for an error.
package main

import (
	"bufio"
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"math/big"
	"math/rand"
	"os"
	"reflect"
	"sort"
	"strings"
	"time"

	dbm "github.com/cosmos/cosmos-db"
	"github.com/cosmos/gogoproto/jsonpb"
	gogoproto "github.com/cosmos/gogoproto/proto"
	protov2 "google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/known/anypb"

	basev1beta1 "cosmossdk.io/api/cosmos/base/v1beta1"
	txv1beta1 "cosmossdk.io/api/cosmos/tx/v1beta1"
	"cosmossdk.io/log"
	"cosmossdk.io/math"
	txsigning "cosmossdk.io/x/tx/signing"
	"cosmossdk.io/x/tx/signing/aminojson"

	"github.com/CosmWasm/wasmd/app"
	wasmkeeper "github.com/CosmWasm/wasmd/x/wasm/keeper"
	wasmtypes "github.com/CosmWasm/wasmd/x/wasm/types"
	"github.com/cosmos/cosmos-sdk/codec"
	codectypes "github.com/cosmos/cosmos-sdk/codec/types"
	"github.com/cosmos/cosmos-sdk/crypto/keys/secp256k1"
	simtestutil "github.com/cosmos/cosmos-sdk/testutil/sims"
	sdk "github.com/cosmos/cosmos-sdk/types"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"
)

type filler struct{ *rand.Rand }

var (
	intType  = reflect.TypeOf(math.Int{})
	decType  = reflect.TypeOf(math.LegacyDec{})
	timeType = reflect.TypeOf(time.Time{})
	durType  = reflect.TypeOf(time.Duration(0))
	anyType  = reflect.TypeOf(codectypes.Any{})
	rawType  = reflect.TypeOf(wasmtypes.RawContractMessage{})
	jsonType = reflect.TypeOf(json.RawMessage{})
)

func (f filler) text() string {
	words := []string{"", "stake", "wasm1qypq", "a<b>&c", "é€\u2028", "q\"uo\\te", "tab\there", "1.5", "42"}
	return words[f.Intn(len(words))]
}

func (f filler) any(depth int) *codectypes.Any {
	var msg gogoproto.Message
	switch f.Intn(3) {
	case 0:
		msg = &banktypes.MsgSend{}
	case 1:
		key := make([]byte, 33)
		f.Read(key)
		msg = &secp256k1.PubKey{Key: key}
	default:
		msg = &authtypes.BaseAccount{Address: f.text(), Sequence: uint64(f.Intn(3))}
	}
	if send, ok := msg.(*banktypes.MsgSend); ok {
		f.fill(reflect.ValueOf(send).Elem(), depth+1)
	}
	any, err := codectypes.NewAnyWithValue(msg)
	if err != nil {
		panic(err)
	}
	return any
}

func (f filler) fill(v reflect.Value, depth int) {
	switch v.Type() {
	case intType:
		v.Set(reflect.ValueOf(math.NewIntFromBigInt(new(big.Int).Rand(f.Rand, new(big.Int).Lsh(big.NewInt(1), uint(1+f.Intn(100)))))))
		return
	case decType:
		i := new(big.Int).Rand(f.Rand, new(big.Int).Lsh(big.NewInt(1), uint(1+f.Intn(120))))
		if f.Intn(4) == 0 {
			i.Neg(i)
		}
		v.Set(reflect.ValueOf(math.LegacyNewDecFromBigIntWithPrec(i, 18)))
		return
	case timeType:
		if f.Intn(5) > 0 {
			nanos := []int64{0, 120_000_000, 123_456_000, 1, 999_999_999}
			v.Set(reflect.ValueOf(time.Unix(f.Int63n(4_000_000_000), nanos[f.Intn(5)]).UTC()))
		}
		return
	case durType:
		v.SetInt(f.Int63n(4_000_000) * []int64{1, 1_000, 1_000_000_000}[f.Intn(3)])
		return
	case rawType, jsonType:
		texts := []string{`{"b":1,"a":["<x>",1.50,1e21,null]}`, ` { "z" : { } } `, `"text"`, `[1,2,123456789012345678901234567890]`}
		v.SetBytes([]byte(texts[f.Intn(len(texts))]))
		return
	}
	switch v.Kind() {
	case reflect.Ptr:
		if v.Type().Elem() == anyType {
			if f.Intn(5) > 0 {
				v.Set(reflect.ValueOf(f.any(depth)))
			}
			return
		}
		if f.Intn(5) == 0 || depth > 6 {
			return
		}
		v.Set(reflect.New(v.Type().Elem()))
		f.fill(v.Elem(), depth+1)
	case reflect.Struct:
		f.fillStruct(v, depth)
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			if n := f.Intn(6); n > 0 {
				bz := make([]byte, n)
				f.Read(bz)
				v.SetBytes(bz)
			}
			return
		}
		n := f.Intn(4)
		if depth > 6 {
			n = 0
		}
		if n == 0 {
			return
		}
		v.Set(reflect.MakeSlice(v.Type(), n, n))
		for i := 0; i < n; i++ {
			item := v.Index(i)
			if item.Kind() == reflect.Ptr {
				if item.Type().Elem() == anyType {
					item.Set(reflect.ValueOf(f.any(depth)))
					continue
				}
				item.Set(reflect.New(item.Type().Elem()))
				f.fill(item.Elem(), depth+1)
				continue
			}
			f.fill(item, depth+1)
		}
	case reflect.String:
		v.SetString(f.text())
	case reflect.Bool:
		v.SetBool(f.Intn(2) == 0)
	case reflect.Int32:
		v.SetInt(int64(f.Intn(6)))
	case reflect.Int64:
		v.SetInt([]int64{0, 1, -1, 1 << 40, -(1 << 62)}[f.Intn(5)])
	case reflect.Uint32:
		v.SetUint(uint64(f.Intn(3)) * 2147483647)
	case reflect.Uint64:
		v.SetUint([]uint64{0, 1, 1 << 40, 1<<64 - 1}[f.Intn(4)])
	}
}

func (f filler) fillStruct(v reflect.Value, depth int) {
	for i := 0; i < v.NumField(); i++ {
		field := v.Type().Field(i)
		if field.Tag.Get("protobuf_oneof") != "" {
			f.fillOneof(v, i, depth)
			continue
		}
		if field.Tag.Get("protobuf") == "" {
			continue
		}
		if f.Intn(6) == 0 {
			continue
		}
		f.fill(v.Field(i), depth)
	}
}

func (f filler) fillOneof(v reflect.Value, i, depth int) {
	type oneofs interface{ XXX_OneofWrappers() []interface{} }
	m, ok := v.Addr().Interface().(oneofs)
	if !ok {
		return
	}
	var fitting []reflect.Type
	for _, wrapper := range m.XXX_OneofWrappers() {
		if t := reflect.TypeOf(wrapper); t.Implements(v.Field(i).Type()) {
			fitting = append(fitting, t)
		}
	}
	n := f.Intn(len(fitting) + 1)
	if n == len(fitting) {
		return
	}
	wrapper := reflect.New(fitting[n].Elem())
	inner := wrapper.Elem().Field(0)
	if inner.Kind() == reflect.Ptr {
		if inner.Type().Elem() == anyType {
			inner.Set(reflect.ValueOf(f.any(depth)))
		} else {
			inner.Set(reflect.New(inner.Type().Elem()))
			f.fill(inner.Elem(), depth+1)
		}
	} else {
		f.fill(inner, depth+1)
	}
	v.Field(i).Set(wrapper)
}

func wanted(name string) bool {
	for _, prefix := range []string{"cosmos.app.", "cosmos.autocli.", "cosmos.crypto.secp256r1.", "cosmos.ics23.", "cosmos.store.streaming", "cosmos.benchmark", "cosmos.counter", "cosmos.crisis"} {
		if strings.HasPrefix(name, prefix) {
			return false
		}
	}
	switch name {
	case "ibc.core.channel.v1.ErrorReceipt", "ibc.core.channel.v1.Upgrade", "ibc.core.channel.v1.UpgradeFields":
		// Left over for a migration of ibc-go's stores.
		return false
	}
	if strings.Contains(name, ".module.v1.") {
		return false
	}
	return strings.HasPrefix(name, "cosmos.") || strings.HasPrefix(name, "cosmwasm.") || strings.HasPrefix(name, "ibc.")
}

func messageNames() []string {
	var names []string
	var walk func(protoreflect.MessageDescriptors)
	walk = func(messages protoreflect.MessageDescriptors) {
		for i := 0; i < messages.Len(); i++ {
			if m := messages.Get(i); !m.IsMapEntry() && wanted(string(m.FullName())) {
				names = append(names, string(m.FullName()))
				walk(m.Messages())
			}
		}
	}
	gogoproto.HybridResolver.RangeFiles(func(file protoreflect.FileDescriptor) bool {
		walk(file.Messages())
		return true
	})
	sort.Strings(names)
	return names
}

func guard(f func() ([]byte, error)) (text string) {
	defer func() {
		if r := recover(); r != nil {
			text = "!" + strings.ReplaceAll(fmt.Sprint("panic ", r), "\n", " ")
		}
	}()
	bz, err := f()
	if err != nil {
		return "!" + strings.NewReplacer("\n", " ", "\t", " ").Replace(err.Error())
	}
	return string(bz)
}

func main() {
	home, err := os.MkdirTemp("", "vectors")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(home)
	node := app.NewWasmApp(log.NewNopLogger(), dbm.NewMemDB(), nil, false, simtestutil.NewAppOptionsWithFlagHome(home), []wasmkeeper.Option{})
	registry := node.InterfaceRegistry()
	cdc := codec.NewProtoCodec(registry)
	handler := aminojson.NewSignModeHandler(aminojson.SignModeHandlerOptions{FileResolver: registry})
	transactionMessages := map[string]bool{}
	for _, url := range registry.ListImplementations(sdk.MsgInterfaceProtoName) {
		transactionMessages[url] = true
	}

	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	for _, name := range messageNames() {
		typ := gogoproto.MessageType(name)
		if typ == nil || typ.Implements(reflect.TypeOf((*protov2.Message)(nil)).Elem()) {
			continue
		}
		rounds := 2
		if transactionMessages["/"+name] {
			rounds = 5
		}
		for round := 0; round < rounds; round++ {
			hash := fnv.New64a()
			fmt.Fprintf(hash, "%s/%d", name, round)
			f := filler{rand.New(rand.NewSource(int64(hash.Sum64())))}
			value := reflect.New(typ.Elem())
			if round > 0 {
				f.fill(value.Elem(), 0)
			}
			msg := value.Interface().(gogoproto.Message)
			wire, err := gogoproto.Marshal(msg)
			if err != nil {
				continue
			}
			fresh := reflect.New(typ.Elem()).Interface().(gogoproto.Message)
			if err := gogoproto.Unmarshal(wire, fresh); err != nil {
				continue
			}
			jsonText := guard(func() ([]byte, error) { return codec.ProtoMarshalJSON(fresh, registry) })
			back := "!"
			if !strings.HasPrefix(jsonText, "!") {
				back = guard(func() ([]byte, error) {
					again := reflect.New(typ.Elem()).Interface().(gogoproto.Message)
					unmarshaler := jsonpb.Unmarshaler{AnyResolver: registry}
					if err := unmarshaler.Unmarshal(strings.NewReader(jsonText), again); err != nil {
						return nil, err
					}
					bz, err := gogoproto.Marshal(again)
					return []byte(hex.EncodeToString(bz)), err
				})
			}
			wireHex := hex.EncodeToString(wire)
			if back == wireHex {
				back = "="
			}
			amino := guard(func() ([]byte, error) { return cdc.MarshalAminoJSON(fresh) })
			sign := ""
			if transactionMessages["/"+name] {
				sign = guard(func() ([]byte, error) {
					body := &txv1beta1.TxBody{Messages: []*anypb.Any{{TypeUrl: "/" + name, Value: wire}}, Memo: "<memo>"}
					bodyBytes, err := protov2.Marshal(body)
					if err != nil {
						return nil, err
					}
					fee := &txv1beta1.Fee{GasLimit: 200000, Amount: []*basev1beta1.Coin{{Denom: "stake", Amount: "7"}}}
					return handler.GetSignBytes(context.Background(),
						txsigning.SignerData{Address: "signer", ChainID: "chain-1", AccountNumber: 5, Sequence: 9},
						txsigning.TxData{Body: body, BodyBytes: bodyBytes, AuthInfo: &txv1beta1.AuthInfo{Fee: fee}})
				})
			}
			fmt.Fprintf(out, "%s\t%s\t%s\t%s\t%s\t%s\n", name, wireHex, jsonText, back, amino, sign)
		}
	}
}
