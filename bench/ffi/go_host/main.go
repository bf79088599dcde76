// SPDX-License-Identifier: Apache-2.0
// A host in Go, measured and tested:
//
//	go_host <folder> <questions>   asks them all; prints nanoseconds a question and how many were true
//	go_host <folder>               asks the citizens of the tests in C, also by many goroutines at once
package main

import (
	"bufio"
	"fmt"
	"os"
	"strings"
	"sync"
	"syscall"
)

func fatal(why any) {
	fmt.Fprintln(os.Stderr, why)
	os.Exit(1)
}

func readQuestions(path string) [][]Field {
	file, err := os.Open(path)
	if err != nil {
		fatal(err)
	}
	defer file.Close()
	numbers := [...]uint32{fieldID, fieldName, fieldBirthDate, fieldSex}
	var all [][]Field
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		var one []Field
		for i, text := range strings.SplitN(lines.Text(), "\t", len(numbers)) {
			one = append(one, Field{numbers[i], text})
		}
		all = append(all, one)
	}
	return all
}

// Of this process, in nanoseconds.
func cpuTime() int64 {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		fatal(err)
	}
	return usage.Utime.Nano() + usage.Stime.Nano()
}

func measure(people *Register, questions [][]Field) {
	asker := people.NewAsker()
	defer asker.Free()
	isTrue := 0
	all := func() {
		for _, fields := range questions {
			if outcome, err := asker.Ask(fields); err == nil && outcome == verified {
				isTrue++
			}
		}
	}
	all()
	begin := cpuTime()
	all()
	fmt.Printf("%.1f %d\n", float64(cpuTime()-begin)/float64(len(questions)), isTrue/2)
}

func check(people *Register) {
	cases := []struct {
		fields  []Field
		outcome uint16
		failed  uint32
	}{
		{[]Field{{fieldID, "001199000001"}, {fieldName, "Nguyễn Thị Hoà"}, {fieldBirthDate, "1999-03-08"}}, 0, fieldNone},
		{[]Field{{fieldName, "NGUYEN THI HOA"}, {fieldID, "001199000001"}, {fieldSex, ""}}, 0, fieldNone},
		{[]Field{{fieldID, "001199000001"}, {fieldBirthDate, "08/03/1998"}}, 102, fieldNone},
		{[]Field{{fieldID, "001199000009"}, {fieldName, "An"}}, 200, fieldNone},
		{[]Field{{fieldID, "001199000001"}, {fieldBirthDate, "soon"}}, 0, fieldBirthDate},
		{[]Field{{fieldID, "12"}, {fieldName, "An"}}, 0, fieldID},
		{[]Field{{fieldID, "001199000001"}}, 0, fieldNone},
		{[]Field{{fieldID, "001199000001"}, {fieldName, strings.Repeat("x", 2000)}}, 0, fieldName},
	}
	wants := func(i int) string {
		return [...]string{"", "", "", "", "birth_date", "id", "claims nothing", "name"}[i]
	}
	var together sync.WaitGroup
	for range 8 {
		together.Add(1)
		go func() {
			defer together.Done()
			asker := people.NewAsker()
			defer asker.Free()
			for range 200 {
				for i, c := range cases {
					outcome, err := asker.Ask(c.fields)
					if wants(i) == "" {
						if err != nil || outcome != c.outcome {
							fatal(fmt.Sprintf("case %d: %d %v", i, outcome, err))
						}
						continue
					}
					failure, is := err.(Failure)
					if !is || failure.Field != c.failed || !strings.Contains(failure.Error(), wants(i)) {
						fatal(fmt.Sprintf("case %d: %v", i, err))
					}
				}
			}
		}()
	}
	together.Wait()
	if _, err := Open("/nowhere"); err == nil || !strings.Contains(err.Error(), "no such file") {
		fatal(err)
	}
	fmt.Println("as it should be")
}

func main() {
	if len(os.Args) < 2 {
		os.Exit(2)
	}
	people, err := Open(os.Args[1])
	if err != nil {
		fatal(err)
	}
	defer people.Close()
	if len(os.Args) > 2 {
		measure(people, readQuestions(os.Args[2]))
	} else {
		check(people)
	}
}
