"""Takes libtorch for the processor, and a PyTorch that runs on it, out of wheels that were made for CUDA.

usage: unpack_libtorch.py WHEELS TARGET

TARGET/lib and TARGET/include are what tch links. TARGET/python is a folder for PYTHONPATH: the package without the libraries of CUDA.
PyTorch's Python library names some functions of CUDA. They are never called where there is no accelerator, but the loader wants to find
them, so a small library of that name answers each with nothing.
"""

import pathlib
import shutil
import subprocess
import sys
import zipfile

# what is taken from the wheels for the loader of tch
LINKED = {"libtorch_cpu.so", "libc10.so", "libgomp.so.1"}
# what these two name of CUDA, without an accelerator
CUDA = {"libcupti.so.13", "libcudart.so.13"}
# left out: half of the wheel
LEFT_OUT = {"libtorch_cuda.so", "libtorch_cuda_linalg.so", "libtorch_nvshmem.so", "libtorch.so"}
# named by libtorch_python.so and not needed
EMPTY = ["libcudnn.so.9", "libcufile.so.0", "libnccl.so.2"]
# without it the loader makes the stack executable
NOTE = '.section .note.GNU-stack,"",@progbits\n'
SYSTEM = ["libstdc++.so.6", "libc.so.6", "libm.so.6", "libgcc_s.so.1"]


def main(wheels: pathlib.Path, target: pathlib.Path) -> None:
    python = target / "python"
    cuda = python / "nvidia" / "cu13" / "lib"
    for folder in [target / "lib", python / "torch" / "lib", cuda]:
        folder.mkdir(parents=True, exist_ok=True)
    for wheel in sorted(wheels.glob("*.whl")):
        with zipfile.ZipFile(wheel) as archive:
            for entry in archive.infolist():
                path = pathlib.PurePosixPath(entry.filename)
                if entry.is_dir() or path.name in LEFT_OUT:
                    continue
                if path.name in LINKED or path.name in CUDA:
                    extract(archive, entry, target / "lib" / path.name)
                    place = cuda if path.name in CUDA else python / "torch" / "lib"
                    link(place / path.name, target / "lib" / path.name)
                elif path.parts[:2] == ("torch", "include"):
                    extract(archive, entry, target.joinpath(*path.parts[1:]))
                elif path.parts[0].startswith(("torch", "functorch")):
                    extract(archive, entry, python / path)
    # names the others, and nothing else
    compile(target / "lib" / "libtorch.so", [f"-L{target / 'lib'}", "-ltorch_cpu", "-lc10", "-Wl,-rpath,$ORIGIN"], NOTE)
    link(python / "torch" / "lib" / "libtorch.so", target / "lib" / "libtorch.so")
    for name in EMPTY:
        compile(cuda / name, ["-nostdlib"], NOTE)
    compile(cuda / "libtorch_cuda.so", ["-nostdlib"], stub(missing(python / "torch" / "lib", cuda)))


def extract(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, place: pathlib.Path) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    with archive.open(entry) as source, open(place, "wb") as file:
        shutil.copyfileobj(source, file, 1 << 20)
    # programs and libraries may be run
    place.chmod(0o755 if entry.external_attr >> 16 & 0o111 else 0o644)


def link(place: pathlib.Path, target: pathlib.Path) -> None:
    up = "../" * len(place.parent.relative_to(target.parent.parent).parts)
    place.unlink(missing_ok=True)
    place.symlink_to(f"{up}lib/{target.name}")


def compile(place: pathlib.Path, flags: list[str], assembly: str) -> None:
    command = ["cc", "-shared", "-o", str(place), f"-Wl,-soname,{place.name}", "-Wl,--no-as-needed", "-Wl,--allow-shlib-undefined"]
    subprocess.run([*command, "-x", "assembler", "-", "-x", "none", *flags], input=assembly, text=True, check=True)


def symbols(library: pathlib.Path, which: str) -> set[str]:
    lines = subprocess.run(["nm", "-D", which, library], capture_output=True, text=True, check=True).stdout.splitlines()
    # what is undefined and weak may stay so
    found = [line.split() for line in lines]
    return {words[-1].split("@")[0] for words in found if words[-2] != "w"}


def missing(torch: pathlib.Path, cuda: pathlib.Path) -> list[str]:
    """What libtorch_python.so needs and none of the libraries has."""
    libraries = [path for path in torch.glob("*.so*") if path.name != "libtorch_python.so"] + list(cuda.glob("*.so*"))
    for name in SYSTEM:
        found = subprocess.run(["cc", f"-print-file-name={name}"], capture_output=True, text=True, check=True).stdout.strip()
        libraries.append(pathlib.Path(found))
    defined = set().union(*(symbols(library, "--defined-only") for library in libraries))
    wanted = symbols(torch / "libtorch_python.so", "--undefined-only")
    return sorted(name for name in wanted - defined if not name.startswith(("Py", "_Py")))


def stub(names: list[str]) -> str:
    """Functions that give a pointer to zeros; type information with a name; objects whose table leads to such functions."""
    lines = [".text"]

    def label(name: str, kind: str) -> None:
        lines.extend([f".globl {name}", f".type {name}, @{kind}", f"{name}:"])

    # its constructor is called while the module is set up, and the object is asked for its type
    constructors = [name for name in names if "NCCL7OptionsC" in name]
    for name in constructors:
        label(name, "function")
    lines.extend(["lea table(%rip), %rax", "mov %rax, (%rdi)", "ret"])
    for name in names:
        if not name.startswith("_ZT") and name not in constructors:
            label(name, "function")
    lines.extend(["idle: lea zeros(%rip), %rax", "ret", ".data"])
    information = "_ZTVN10__cxxabiv117__class_type_infoE+16"
    for index, name in enumerate(name for name in names if name.startswith("_ZT")):
        lines.append(".balign 16")
        label(name, "object")
        lines.extend([f".quad {information}, name{index}", ".zero 240"] if name.startswith("_ZTI") else [".zero 256"])
        lines.append(f'name{index}: .asciz "{name[4:]}"')
    lines.extend([".balign 16", f"own: .quad {information}, ownname", "ownname: .asciz \"stub\"", ".balign 16", ".quad 0, own"])
    lines.append("table: .quad " + ", ".join(["idle"] * 16))
    lines.extend([".balign 16", "zeros: .zero 65536", NOTE])
    return "\n".join(lines)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))
