// Contracts on a running chain through an unmodified @cosmjs/cosmwasm-stargate: uploaded, made, called, asked, migrated.
//
// RPC, MNEMONIC, PREFIX, DENOM as in client.test.mjs; CONTRACTS is the folder that `scripts/setup contracts` fills.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { before, after, test } from "node:test";
import { SigningCosmWasmClient, instantiate2Address } from "@cosmjs/cosmwasm-stargate";
import { Secp256k1HdWallet } from "@cosmjs/amino";
import { DirectSecp256k1HdWallet } from "@cosmjs/proto-signing";

// the client comes with CosmJS packages of its own, and wants a gas price of theirs
const require = createRequire(import.meta.url);
const { GasPrice } = createRequire(require.resolve("@cosmjs/cosmwasm"))("@cosmjs/stargate");
const { RPC, MNEMONIC, CONTRACTS, PREFIX = "iz", DENOM = "uiz" } = process.env;
const options = { gasPrice: GasPrice.fromString(`0.025${DENOM}`), broadcastPollIntervalMs: 200 };
let client, amino, sender, codeId, contract, wasm;

before(async () => {
  const wallet = await DirectSecp256k1HdWallet.fromMnemonic(MNEMONIC, { prefix: PREFIX });
  [{ address: sender }] = await wallet.getAccounts();
  client = await SigningCosmWasmClient.connectWithSigner(RPC, wallet, options);
  amino = await SigningCosmWasmClient.connectWithSigner(RPC, await Secp256k1HdWallet.fromMnemonic(MNEMONIC, { prefix: PREFIX }), options);
  wasm = await readFile(join(CONTRACTS, "cw20_base.wasm"));
});

after(() => {
  client?.disconnect();
  amino?.disconnect();
});

test("an upload is there afterwards, byte by byte", async () => {
  const upload = await client.upload(sender, wasm, 1.5);
  codeId = upload.codeId;
  const checksum = createHash("sha256").update(wasm).digest("hex");
  assert.equal(upload.checksum, checksum);
  const details = await client.getCodeDetails(codeId);
  assert.equal(details.checksum, checksum);
  assert.deepEqual(Buffer.from(details.data), wasm);
  assert.ok((await client.getCodes()).some((code) => code.id === codeId && code.creator === sender));
});

const start = () => ({ name: "Client test", symbol: "TST", decimals: 6, initial_balances: [{ address: sender, amount: "1000" }] });

test("a contract is made, and found by its code", async () => {
  const made = await client.instantiate(sender, codeId, start(), "token", 1.5, { admin: sender });
  contract = made.contractAddress;
  assert.deepEqual(await client.getContracts(codeId), [contract]);
  const { admin, label } = await client.getContract(contract);
  assert.deepEqual([admin, label], [sender, "token"]);
});

test("a call changes what a question is answered, signed with amino JSON as well", async () => {
  const recipient = contract;
  for (const [signer, amount] of [[client, "7"], [amino, "5"]]) {
    const result = await signer.execute(sender, contract, { transfer: { recipient, amount } }, 1.5);
    const event = result.events.find((event) => event.type === "wasm");
    assert.ok(event.attributes.some(({ key, value }) => key === "action" && value === "transfer"));
  }
  assert.deepEqual(await client.queryContractSmart(contract, { balance: { address: recipient } }), { balance: "12" });
  assert.ok((await client.queryContractRaw(contract, new TextEncoder().encode("token_info"))).length > 0);
});

test("a call that fails says why", async () => {
  const fee = { amount: [{ denom: DENOM, amount: "12500" }], gas: "500000" };
  await assert.rejects(client.execute(sender, contract, { burn: { amount: "1000000" } }, fee), /Cannot Sub/);
  await assert.rejects(client.queryContractSmart(contract, { nothing: {} }), /unknown variant/);
});

test("an address is known before its contract is", async () => {
  const salt = Uint8Array.from([1, 2, 3]);
  const expected = instantiate2Address(createHash("sha256").update(wasm).digest(), sender, salt, PREFIX);
  const made = await client.instantiate2(sender, codeId, salt, start(), "second", 1.5);
  assert.equal(made.contractAddress, expected);
});

test("a migration is in the history, and without an administrator there is none", async () => {
  // the token has no entry point for migrations
  const { codeId } = await client.upload(sender, await readFile(join(CONTRACTS, "hackatom.wasm")), 1.5);
  const start = { verifier: sender, beneficiary: sender };
  const { contractAddress } = await client.instantiate(sender, codeId, start, "escrow", 1.5, { admin: sender });
  await client.migrate(sender, contractAddress, codeId, { verifier: contract }, 1.5);
  assert.deepEqual(await client.queryContractSmart(contractAddress, { verifier: {} }), { verifier: contract });
  const history = await client.getContractCodeHistory(contractAddress);
  assert.deepEqual(history.map(({ operation }) => operation), ["Init", "Migrate"]);
  await client.clearAdmin(sender, contractAddress, 1.5);
  assert.equal((await client.getContract(contractAddress)).admin, undefined);
});
