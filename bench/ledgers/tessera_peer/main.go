// SPDX-License-Identifier: Apache-2.0

// Adds entries of 49 bytes to a new log of Tessera's POSIX driver for some seconds, from many goroutines at once, and
// prints how many it had integrated and published a second. Its batches are as large as it takes them.
//
//	tessera_peer <folder> <seconds>
package main

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"os"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/transparency-dev/tessera"
	"github.com/transparency-dev/tessera/storage/posix"
	"golang.org/x/mod/sumdb/note"
)

func main() {
	if len(os.Args) != 3 {
		fail("tessera_peer <folder> <seconds>")
	}
	seconds, err := strconv.ParseFloat(os.Args[2], 64)
	check(err)
	key, _, err := note.GenerateKey(rand.Reader, "example.com/tessera")
	check(err)
	signer, err := note.NewSigner(key)
	check(err)
	ctx := context.Background()
	driver, err := posix.New(ctx, posix.Config{Path: os.Args[1]})
	check(err)
	options := tessera.NewAppendOptions().
		WithCheckpointSigner(signer).
		WithBatching(4096, 50*time.Millisecond).
		WithPushback(1 << 20).
		WithCheckpointInterval(time.Second)
	appender, shutdown, reader, err := tessera.NewAppender(ctx, driver, options)
	check(err)

	begin := time.Now()
	end := begin.Add(time.Duration(seconds * float64(time.Second)))
	var added atomic.Uint64
	var all sync.WaitGroup
	for worker := range 8192 {
		all.Go(func() {
			entry := make([]byte, 49)
			for n := uint64(0); time.Now().Before(end); n++ {
				binary.LittleEndian.PutUint64(entry, uint64(worker)<<32|n)
				if _, err := appender.Add(ctx, tessera.NewEntry(append([]byte{}, entry...)))(); err == nil {
					added.Add(1)
				}
			}
		})
	}
	all.Wait()
	check(shutdown(ctx)) // returns when all that was added is integrated and published
	rate := float64(added.Load()) / time.Since(begin).Seconds()
	if size, err := reader.IntegratedSize(ctx); err != nil || size < added.Load() {
		fail("it has not integrated all that was added")
	}
	fmt.Printf("%.1f\n", rate)
}

func check(err error) {
	if err != nil {
		fail(err.Error())
	}
}

func fail(why string) {
	fmt.Fprintln(os.Stderr, why)
	os.Exit(1)
}
