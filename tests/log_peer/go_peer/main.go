// SPDX-License-Identifier: Apache-2.0
// What others' code says of our logs: golang.org/x/mod/sumdb's notes and proofs, and filippo.io/torchwood as a reader of
// tiles over HTTP.
package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/binary"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"filippo.io/torchwood"
	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/agent"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func must[T any](value T, err error) T {
	if err != nil {
		log.Fatal(err)
	}
	return value
}

func openCheckpoint(text []byte, verifiers ...note.Verifier) (torchwood.Checkpoint, *note.Note) {
	opened := must(note.Open(text, note.VerifierList(verifiers...)))
	if len(opened.Sigs) != len(verifiers) {
		log.Fatalf("%d signatures of %d keys", len(opened.Sigs), len(verifiers))
	}
	return must(torchwood.ParseCheckpoint(opened.Text)), opened
}

func hashesOf(data []byte) []tlog.Hash {
	var hashes []tlog.Hash
	for ; len(data) >= tlog.HashSize; data = data[tlog.HashSize:] {
		hashes = append(hashes, tlog.Hash(data[:tlog.HashSize]))
	}
	return hashes
}

// Reads what "log_peer proofs" writes, and checks every proof by tlog.
func checkProofs(in io.Reader) {
	reader := bufio.NewReaderSize(in, 1<<20)
	var verifier note.Verifier
	var leaves []tlog.Hash
	trees := map[int64]tlog.Hash{}
	var inclusions, consistencies int
	for {
		var head [13]byte
		if _, err := io.ReadFull(reader, head[:]); err == io.EOF {
			break
		} else if err != nil {
			log.Fatal(err)
		}
		a := int64(binary.BigEndian.Uint32(head[1:]))
		b := int64(binary.BigEndian.Uint32(head[5:]))
		data := make([]byte, binary.BigEndian.Uint32(head[9:]))
		must(io.ReadFull(reader, data))
		switch head[0] {
		case 'V':
			verifier = must(note.NewVerifier(string(data)))
		case 'E':
			leaves = append(leaves, tlog.RecordHash(data))
		case 'C':
			checkpoint, _ := openCheckpoint(data, verifier)
			if checkpoint.N != a || checkpoint.Origin != verifier.Name() {
				log.Fatalf("checkpoint %d says %q, %d", a, checkpoint.Origin, checkpoint.N)
			}
			trees[a] = checkpoint.Hash
		case 'I':
			if err := tlog.CheckRecord(hashesOf(data), b, trees[b], a, leaves[a]); err != nil {
				log.Fatalf("entry %d in %d: %v", a, b, err)
			}
			inclusions++
		case 'T':
			if err := tlog.CheckTree(hashesOf(data), b, trees[b], a, trees[a]); err != nil {
				log.Fatalf("tree %d in %d: %v", a, b, err)
			}
			consistencies++
		default:
			log.Fatalf("a record of kind %q", head[0])
		}
	}
	if inclusions == 0 || consistencies == 0 {
		log.Fatal("there were no proofs")
	}
	fmt.Printf("tlog: %d checkpoints, %d inclusion and %d consistency proofs are right\n", len(trees), inclusions, consistencies)
}

// The paths at which torchwood expects the tiles of a tree of this size.
func expectedPaths(size int64) map[string]int64 {
	paths := map[string]int64{}
	for _, tile := range tlog.NewTiles(torchwood.TileHeight, 0, size) {
		paths[torchwood.TilePath(tile)] = int64(tile.W) * tlog.HashSize
		if tile.L == 0 {
			tile.L = -1
			paths[torchwood.TilePath(tile)] = -1
		}
	}
	return paths
}

// Reads a log by torchwood's client, from a file server: all entries, proofs of some, its paths and its cosignature.
func readLog(folder, keys string) {
	lines := strings.SplitN(keys, "\n", 3)
	verifier := must(note.NewVerifier(lines[0]))
	seed := bytes.Repeat([]byte{9}, ed25519.SeedSize)
	cosigner := must(torchwood.NewCosignatureSigner("witness.example/w", ed25519.NewKeyFromSeed(seed))).Verifier()
	if cosigner.String() != lines[1] {
		log.Fatalf("the cosigner's key is %q", cosigner)
	}
	text := must(os.ReadFile(filepath.Join(folder, "checkpoint")))
	checkpoint, opened := openCheckpoint(text, verifier, cosigner)
	for _, signature := range opened.Sigs {
		if signature.Name == cosigner.Name() && must(torchwood.CosignatureTimestamp(signature)) != 1700000000 {
			log.Fatal("the cosignature is of another time")
		}
	}
	for path, size := range expectedPaths(checkpoint.N) {
		found := must(os.Stat(filepath.Join(folder, path)))
		if size >= 0 && found.Size() != size {
			log.Fatalf("%s has %d bytes", path, found.Size())
		}
	}
	server := httptest.NewServer(http.FileServer(http.Dir(folder)))
	defer server.Close()
	client := must(torchwood.NewClient(must(torchwood.NewTileFetcher(server.URL))))
	var last []byte
	next := int64(0)
	for next < checkpoint.N {
		before := next
		for index, entry := range client.Entries(context.Background(), checkpoint.Tree, next) {
			if index != next || !strings.HasPrefix(string(entry), fmt.Sprintf("entry %d", index)) {
				log.Fatalf("entry %d is %q", index, entry)
			}
			last = bytes.Clone(entry)
			next++
		}
		if err := client.Err(); err != nil || next == before {
			log.Fatal("no further entries after ", next, ": ", err)
		}
	}
	for index := int64(0); index < checkpoint.N; index += checkpoint.N/40 + 1 {
		entry, proof, err := client.Entry(context.Background(), checkpoint.Tree, index)
		if err != nil {
			log.Fatal(err)
		}
		if err := tlog.CheckRecord(proof, checkpoint.N, checkpoint.Hash, index, tlog.RecordHash(entry)); err != nil {
			log.Fatal(err)
		}
	}
	if checkpoint.N > 0 {
		checkProofFile(lines[2], last, verifier)
	}
	fmt.Printf("torchwood: %d entries, their tiles and the cosignature are right\n", checkpoint.N)
}

// A tlog-proof, line by line as the specification has it.
func checkProofFile(text string, entry []byte, verifier note.Verifier) {
	head, rest, found := strings.Cut(text, "\n\n")
	lines := strings.Split(head, "\n")
	if !found || len(lines) < 3 || lines[0] != "c2sp.org/tlog-proof@v1" || lines[1] != "extra YmVzaWRlIGl0" {
		log.Fatalf("not a proof: %q", text)
	}
	index := must(strconv.ParseInt(strings.TrimPrefix(lines[2], "index "), 10, 64))
	var proof tlog.RecordProof
	for _, line := range lines[3:] {
		proof = append(proof, must(tlog.ParseHash(line)))
	}
	checkpoint, _ := openCheckpoint([]byte(rest), verifier)
	if err := tlog.CheckRecord(proof, checkpoint.N, checkpoint.Hash, index, tlog.RecordHash(entry)); err != nil {
		log.Fatal(err)
	}
}

// Holds the key of a witness, as an ssh-agent does, until somebody ends it. Prints the key's fingerprint.
func serveKey(socket string) {
	key := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{7}, ed25519.SeedSize))
	ring := agent.NewKeyring()
	if err := ring.Add(agent.AddedKey{PrivateKey: key}); err != nil {
		log.Fatal(err)
	}
	listener := must(net.Listen("unix", socket))
	fmt.Println(ssh.FingerprintSHA256(must(ssh.NewPublicKey(key.Public()))))
	for {
		connection := must(listener.Accept())
		go agent.ServeAgent(ring, connection)
	}
}

// An address on this machine that nobody listens at.
func printFreeAddress() {
	listener := must(net.Listen("tcp", "127.0.0.1:0"))
	fmt.Println(listener.Addr())
	listener.Close()
}

func main() {
	log.SetFlags(0)
	switch words := os.Args[1:]; {
	case len(words) == 1 && words[0] == "proofs":
		checkProofs(os.Stdin)
	case len(words) == 2 && words[0] == "read":
		readLog(words[1], string(must(io.ReadAll(os.Stdin))))
	case len(words) == 2 && words[0] == "agent":
		serveKey(words[1])
	case len(words) == 1 && words[0] == "address":
		printFreeAddress()
	default:
		log.Fatal("go_peer proofs | read <folder> | agent <socket> | address")
	}
}
