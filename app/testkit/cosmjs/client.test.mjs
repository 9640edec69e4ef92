// A running chain through an unmodified CosmJS client: sends, stakes, simulates, searches, subscribes; amino and multisig signatures.
//
// RPC      CometBFT's RPC, as in http://127.0.0.1:26657
// MNEMONIC an account with plenty of DENOM; PREFIX its addresses' prefix
import assert from "node:assert/strict";
import { before, after, test } from "node:test";
import { createMultisigThresholdPubkey, pubkeyToAddress, Secp256k1HdWallet } from "@cosmjs/amino";
import { toBase64 } from "@cosmjs/encoding";
import { DirectSecp256k1HdWallet } from "@cosmjs/proto-signing";
import {
  GasPrice, QueryClient, SigningStargateClient, StargateClient, assertIsDeliverTxSuccess, coins, makeMultisignedTxBytes, setupStakingExtension,
} from "@cosmjs/stargate";
import { Comet38Client, WebsocketClient } from "@cosmjs/tendermint-rpc";

const { RPC, MNEMONIC, PREFIX = "iz", DENOM = "uiz" } = process.env;
// CosmJS's checks of addresses want a limit that later versions of @scure/base refuse, hence the override in package.json.
const options = { gasPrice: GasPrice.fromString(`0.025${DENOM}`), broadcastPollIntervalMs: 200 };
let client, aminoClient, sender, recipient;

before(async () => {
  const wallet = await DirectSecp256k1HdWallet.fromMnemonic(MNEMONIC, { prefix: PREFIX });
  [{ address: sender }] = await wallet.getAccounts();
  client = await SigningStargateClient.connectWithSigner(RPC, wallet, options);
  const amino = await Secp256k1HdWallet.fromMnemonic(MNEMONIC, { prefix: PREFIX });
  aminoClient = await SigningStargateClient.connectWithSigner(RPC, amino, options);
  const fresh = await DirectSecp256k1HdWallet.generate(12, { prefix: PREFIX });
  [{ address: recipient }] = await fresh.getAccounts();
});

after(() => {
  client?.disconnect();
  aminoClient?.disconnect();
});

test("an unknown account is null and a known one has a number", async () => {
  assert.equal(await client.getAccount(recipient), null);
  assert.ok((await client.getSequence(sender)).accountNumber >= 0);
});

test("a send changes the recipient's balance and is found by hash and by search", async () => {
  const result = await client.sendTokens(sender, recipient, coins(1234, DENOM), "auto", "from CosmJS");
  assertIsDeliverTxSuccess(result);
  assert.equal((await client.getBalance(recipient, DENOM)).amount, "1234");
  assert.equal((await client.getTx(result.transactionHash)).hash, result.transactionHash);
  const found = await client.searchTx([{ key: "transfer.recipient", value: recipient }]);
  assert.deepEqual(found.map((tx) => tx.hash), [result.transactionHash]);
});

test("a simulation says about what the transaction uses", async () => {
  const message = { typeUrl: "/cosmos.bank.v1beta1.MsgSend", value: { fromAddress: sender, toAddress: recipient, amount: coins(1, DENOM) } };
  const gas = await client.simulate(sender, [message], "");
  assert.ok(gas > 50_000 && gas < 150_000, `${gas}`);
});

test("too large a send fails with the SDK's code", async () => {
  const result = await client.sendTokens(sender, recipient, coins("999999999999999999", DENOM), { amount: coins(5000, DENOM), gas: "200000" });
  assert.equal(result.code, 5);
});

test("a delegation is there afterwards, signed with amino JSON", async () => {
  // a delegation's gas depends on what it finds, so the estimate gets room
  const queries = QueryClient.withExtensions(await Comet38Client.connect(RPC), setupStakingExtension);
  const { validators } = await queries.staking.validators("BOND_STATUS_BONDED");
  const result = await aminoClient.delegateTokens(sender, validators[0].operatorAddress, { denom: DENOM, amount: "100000" }, 2);
  assertIsDeliverTxSuccess(result);
  const { delegationResponse } = await queries.staking.delegation(sender, validators[0].operatorAddress);
  assert.ok(BigInt(delegationResponse.balance.amount) >= 100000n);
  const rewards = await aminoClient.withdrawRewards(sender, validators[0].operatorAddress, 2);
  assertIsDeliverTxSuccess(rewards);
});

test("a multisig account of two of three sends", async () => {
  const wallets = await Promise.all([0, 1, 2].map(() => Secp256k1HdWallet.generate(12, { prefix: PREFIX })));
  const accounts = await Promise.all(wallets.map(async (wallet) => (await wallet.getAccounts())[0]));
  const keys = accounts.map(({ pubkey }) => ({ type: "tendermint/PubKeySecp256k1", value: toBase64(pubkey) }));
  const multisig = createMultisigThresholdPubkey(keys, 2);
  const address = pubkeyToAddress(multisig, PREFIX);
  assertIsDeliverTxSuccess(await client.sendTokens(sender, address, coins(100_000, DENOM), "auto"));
  const { accountNumber, sequence } = await client.getSequence(address);
  const chainId = await client.getChainId();
  const fee = { amount: coins(7500, DENOM), gas: "300000" };
  const message = { typeUrl: "/cosmos.bank.v1beta1.MsgSend", value: { fromAddress: address, toAddress: recipient, amount: coins(77, DENOM) } };
  let bodyBytes;
  const signatures = new Map();
  for (const index of [0, 2]) {
    const offline = await SigningStargateClient.offline(wallets[index]);
    const signed = await offline.sign(accounts[index].address, [message], fee, "of two", { accountNumber, sequence, chainId });
    bodyBytes = signed.bodyBytes;
    signatures.set(accounts[index].address, signed.signatures[0]);
  }
  const reader = await StargateClient.connect(RPC);
  const result = await reader.broadcastTx(makeMultisignedTxBytes(multisig, sequence, fee, bodyBytes, signatures), 30_000, 200);
  reader.disconnect();
  assertIsDeliverTxSuccess(result);
});

test("a subscription sees new blocks and the transactions in them", async () => {
  const comet = await Comet38Client.create(new WebsocketClient(RPC.replace("http", "ws")));
  const seen = new Promise((resolve, reject) => {
    const stream = comet.subscribeTx(`transfer.recipient='${recipient}'`);
    const subscription = stream.subscribe({ next: (event) => { subscription.unsubscribe(); resolve(event); }, error: reject });
  });
  await new Promise((resolve) => setTimeout(resolve, 500));
  assertIsDeliverTxSuccess(await client.sendTokens(sender, recipient, coins(5, DENOM), "auto"));
  const event = await seen;
  assert.equal(event.result.code, 0);
  comet.disconnect();
});
