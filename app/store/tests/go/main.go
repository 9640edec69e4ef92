// Prints the roots that Go's iavl gives for a seeded list of operations, one line a version:
// version, number of keys, root hash, and for every tenth version the SHA-256 of two encoded ICS-23 proofs.
//
//	go run . > ../golden/iavl_roots.txt
//
// The list is made by the generator below, which src/tree/tests/golden.rs repeats.
package main

import (
	"crypto/sha256"
	"fmt"
	"log"

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

func main() {
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
		fmt.Printf("%d %d %x", saved, tree.Size(), hash)
		if version%10 == 0 {
			for range 2 {
				wanted := key(random.next() % keySpace)
				if tree.Size() == 0 {
					fmt.Print(" -")
					continue
				}
				immutable := must(tree.GetImmutable(saved))
				proof := must(must(immutable.GetProof(wanted)).Marshal())
				fmt.Printf(" %x", sha256.Sum256(proof))
			}
		}
		fmt.Println()
	}
}
