//! A symbol that wasmer 5 links against and that Rust stopped to provide: it touches a large stack frame page by page, so that the guard
//! page below the stack is met. wasmer's single-pass compiler, the only one here, never calls it.

#![expect(unsafe_code, reason = "a symbol for the linker can only be given in assembly")]

// The size of the frame is in rax, and no register but r11 may change.
#[cfg(all(target_arch = "x86_64", not(target_os = "windows")))]
core::arch::global_asm!(
    ".globl __rust_probestack",
    "__rust_probestack:",
    "push rbp",
    "mov rbp, rsp",
    "mov r11, rax",
    "2:",
    "cmp r11, 0x1000",
    "jbe 3f",
    "sub rsp, 0x1000",
    "test [rsp + 8], rsp",
    "sub r11, 0x1000",
    "jmp 2b",
    "3:",
    "sub rsp, r11",
    "test [rsp + 8], rsp",
    "leave",
    "ret",
);
