// Writes what Go's iavl gives for a seeded list of operations, one line a version.
//
//	go run . ../golden
//
// iavl_roots.txt has every version: its number, number of keys, root hash, and for every tenth version the SHA-256 of two
// encoded ICS-23 proofs. iavl_exports.txt has every 25th: its number, number of exported nodes, and the SHA-256 of the nodes in
// their order, each as height, version, length of key, key, length of value, value, with unsigned varints for numbers.
//
// The list is made by the generator below, which src/tree/tests/golden.rs repeats.
package main

import (
	"bufio"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"path/filepath"

	corelog "cosmossdk.io/log"
	"github.com/cosmos/iavl"
	"github.com/cosmos/iavl/db"
)

// splitmix is SplitMix64.
type splitmix struct{ state uint64 }

func (s *splitmix) next() uint64 {
	s.state += 0x9e3779b97f4a7c15
	z := s.state
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb
	return z ^ (z >> 31)
}

const (
	versions      = 400
	opsPerVersion = 120
	keySpace      = 3000
	emptied       = 250
	exportedEvery = 25
)

// setsInTen says how many operations of ten set a key: the tree grows, churns, shrinks to nothing and grows again.
func setsInTen(version int) uint64 {
	switch {
	case version <= 80:
		return 8
	case version <= 180:
		return 5
	case version <= 300:
		return 1
	default:
		return 6
	}
}

// key spreads a number over keys of one to five bytes, so that some keys are prefixes of others.
func key(number uint64) []byte {
	digest := sha256.Sum256([]byte{byte(number), byte(number >> 8)})
	return digest[:1+number%5]
}

func must[T any](value T, err error) T {
	if err != nil {
		log.Fatal(err)
	}
	return value
}

func create(name string) (*bufio.Writer, func()) {
	file := must(os.Create(filepath.Join(os.Args[1], name)))
	buffered := bufio.NewWriter(file)
	return buffered, func() {
		if err := errors.Join(buffered.Flush(), file.Close()); err != nil {
			log.Fatal(err)
		}
	}
}

func printExport(out io.Writer, tree *iavl.ImmutableTree) {
	exporter := must(tree.Export())
	defer exporter.Close()
	digest, count := sha256.New(), 0
	for {
		node, err := exporter.Next()
		if errors.Is(err, iavl.ErrorExportDone) {
			break
		}
		if err != nil {
			log.Fatal(err)
		}
		bytes := binary.AppendUvarint(nil, uint64(node.Height))
		bytes = binary.AppendUvarint(bytes, uint64(node.Version))
		for _, field := range [][]byte{node.Key, node.Value} {
			bytes = append(binary.AppendUvarint(bytes, uint64(len(field))), field...)
		}
		digest.Write(bytes)
		count++
	}
	fmt.Fprintf(out, "%d %d %x\n", tree.Version(), count, digest.Sum(nil))
}

func main() {
	if len(os.Args) != 2 {
		log.Fatal("name the directory of the golden files")
	}
	roots, closeRoots := create("iavl_roots.txt")
	defer closeRoots()
	exports, closeExports := create("iavl_exports.txt")
	defer closeExports()
	tree := iavl.NewMutableTree(db.NewMemDB(), 100000, false, corelog.NewNopLogger())
	random := &splitmix{state: 42}
	for version := 1; version <= versions; version++ {
		for range opsPerVersion {
			kind, number, value := random.next(), random.next()%keySpace, random.next()
			if kind%10 < setsInTen(version) {
				must(tree.Set(key(number), fmt.Appendf(nil, "%d", value%1000)))
			} else if _, _, err := tree.Remove(key(number)); err != nil {
				log.Fatal(err)
			}
		}
		if version == emptied {
			for number := range uint64(keySpace) {
				if _, _, err := tree.Remove(key(number)); err != nil {
					log.Fatal(err)
				}
			}
		}
		hash, saved, err := tree.SaveVersion()
		if err != nil {
			log.Fatal(err)
		}
		fmt.Fprintf(roots, "%d %d %x", saved, tree.Size(), hash)
		if version%10 == 0 {
			for range 2 {
				wanted := key(random.next() % keySpace)
				if tree.Size() == 0 {
					fmt.Fprint(roots, " -")
					continue
				}
				immutable := must(tree.GetImmutable(saved))
				proof := must(must(immutable.GetProof(wanted)).Marshal())
				fmt.Fprintf(roots, " %x", sha256.Sum256(proof))
			}
		}
		fmt.Fprintln(roots)
		if version%exportedEvery == 0 {
			printExport(exports, must(tree.GetImmutable(saved)))
		}
	}
}
