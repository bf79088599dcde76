// SPDX-License-Identifier: Apache-2.0
// A register as a host in Go asks it by cgo: the fields of one request are copied into memory of C, so that no pointer
// of Go's goes over, and one call answers.
package main

/*
#cgo noescape xt_verify_fields
#cgo nocallback xt_verify_fields
#include <stdlib.h>
#include <xacthuc.h>

enum { field_room = 8, text_room = 1024 };
struct question {
    xt_field fields[field_room];
    xt_verdict verdict;
    xt_freshness freshness;
    uint32_t failed;
    char text[text_room];
};
*/
import "C"

import (
	"fmt"
	"unsafe"
)

// Field is one field of a request: a number, C.XT_FIELD_NAME and so on, and its text.
type Field struct {
	Number uint32
	Text   string
}

const (
	fieldID        = uint32(C.XT_FIELD_ID)
	fieldName      = uint32(C.XT_FIELD_NAME)
	fieldBirthDate = uint32(C.XT_FIELD_BIRTH_DATE)
	fieldSex       = uint32(C.XT_FIELD_SEX)
	fieldNone      = uint32(C.XT_FIELD_NONE)
	verified       = uint16(C.XT_OUTCOME_VERIFIED)
)

// Failure is a status that is not XT_OK, and the field that it is about.
type Failure struct {
	Status int32
	Field  uint32
}

func (f Failure) Error() string {
	text := C.GoString(C.xt_message(C.xt_status(f.Status)))
	if name := C.GoString(C.xt_field_text(C.uint32_t(f.Field))); name != "" {
		return text + ": " + name
	}
	return text
}

// Register is an opened snapshot. Any number of goroutines may ask it, each with an Asker of its own.
type Register struct{ handle *C.xt_register }

// Open loads the snapshot people.xts of a folder, with its keys beside it.
func Open(folder string) (*Register, error) {
	room := (*C.char)(C.calloc(1, 512))
	defer C.free(unsafe.Pointer(room))
	detail := (*C.xt_detail)(C.calloc(1, C.XT_DETAIL_BYTES))
	defer C.free(unsafe.Pointer(detail))
	detail.data, detail.capacity = room, 512
	path := func(file string) *C.char { return C.CString(folder + "/" + file) }
	names := [...]*C.char{path("authority.pub"), path("digest.key"), path("people.xts")}
	for _, name := range names {
		defer C.free(unsafe.Pointer(name))
	}
	var trusted *C.xt_authority
	var key *C.xt_digest_key
	defer func() {
		C.xt_digest_key_free(key)
		C.xt_authority_free(trusted)
	}()
	var opened *C.xt_register
	status := C.xt_authority_load(names[0], &trusted, detail)
	if status == C.XT_OK {
		status = C.xt_digest_key_load(names[1], &key, detail)
	}
	if status == C.XT_OK {
		status = C.xt_register_open_snapshot(names[2], trusted, key, nil, &opened, detail)
	}
	if status != C.XT_OK {
		return nil, fmt.Errorf("%s", C.GoString(room))
	}
	return &Register{opened}, nil
}

// Close frees the register. Requires: nobody asks it any more.
func (r *Register) Close() { C.xt_register_free(r.handle) }

// Asker has the memory for one question at a time.
type Asker struct {
	of       *Register
	question *C.struct_question
}

func (r *Register) NewAsker() *Asker {
	return &Asker{r, (*C.struct_question)(C.calloc(1, C.sizeof_struct_question))}
}

func (a *Asker) Free() { C.free(unsafe.Pointer(a.question)) }

// Ask answers one request: the outcome's code.
func (a *Asker) Ask(fields []Field) (uint16, error) {
	q := a.question
	text := unsafe.Slice((*byte)(unsafe.Pointer(&q.text[0])), C.text_room)
	used := 0
	if len(fields) > C.field_room {
		return 0, Failure{C.XT_ARGUMENT_RANGE, fieldNone}
	}
	for i := range fields {
		size := len(fields[i].Text)
		if used+size > C.text_room {
			return 0, Failure{C.XT_ARGUMENT_RANGE, fields[i].Number}
		}
		copy(text[used:], fields[i].Text)
		f := &q.fields[i]
		f.number = C.uint32_t(fields[i].Number)
		f.data = nil
		f.size = C.size_t(size)
		if size != 0 {
			f.data = &q.text[used]
		}
		used += size
	}
	status := C.xt_verify_fields(a.of.handle, nil, &q.fields[0], C.size_t(len(fields)), 0, &q.verdict, &q.freshness, &q.failed)
	if status != C.XT_OK {
		return 0, Failure{int32(status), uint32(q.failed)}
	}
	return uint16(q.verdict.head & 1023), nil
}
