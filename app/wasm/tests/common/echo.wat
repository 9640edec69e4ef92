;; A contract that answers what it is told to: its answer is the message itself. It keeps the last message to `execute` under the key "e"
;; and the last reply under the key "r"; a reply is answered with an attribute. A message that begins with a space is a question to the
;; chain, whose answer is kept under the key "e".
(module
  (import "env" "db_write" (func $write (param i32 i32)))
  (import "env" "query_chain" (func $ask (param i32) (result i32)))
  (memory (export "memory") 16)
  (global $next (mut i32) (i32.const 4096))

  ;; regions: offset, capacity, length
  (data (i32.const 0) "\40\00\00\00\01\00\00\00\01\00\00\00")
  (data (i32.const 16) "\41\00\00\00\01\00\00\00\01\00\00\00")
  (data (i32.const 32) "\80\00\00\00\5a\00\00\00\5a\00\00\00")
  (data (i32.const 64) "er")
  (data (i32.const 128) "{\"ok\":{\"messages\":[],\"attributes\":[{\"key\":\"heard\",\"value\":\"it\"}],\"events\":[],\"data\":null}}")

  (func (export "interface_version_8"))
  (func (export "requires_cosmwasm_1_2"))
  (func (export "allocate") (param $size i32) (result i32)
    (local $region i32)
    (local.set $region (global.get $next))
    (i32.store (local.get $region) (i32.add (local.get $region) (i32.const 12)))
    (i32.store offset=4 (local.get $region) (local.get $size))
    (i32.store offset=8 (local.get $region) (i32.const 0))
    (global.set $next (i32.add (i32.add (local.get $region) (i32.const 12)) (local.get $size)))
    (local.get $region))
  (func (export "deallocate") (param i32))

  (func (export "instantiate") (param i32 i32 i32) (result i32) (local.get 2))
  (func (export "execute") (param i32 i32 i32) (result i32)
    (if (result i32) (i32.eq (i32.load8_u (i32.load (local.get 2))) (i32.const 0x20))
      (then
        (call $write (i32.const 0) (call $ask (local.get 2)))
        (i32.const 32))
      (else
        (call $write (i32.const 0) (local.get 2))
        (local.get 2))))
  (func (export "sudo") (param i32 i32) (result i32) (local.get 1))
  (func (export "migrate") (param i32 i32) (result i32) (local.get 1))
  (func (export "reply") (param i32 i32) (result i32)
    (call $write (i32.const 16) (local.get 1))
    (i32.const 32))
  (func (export "query") (param i32 i32) (result i32) (local.get 1)))
