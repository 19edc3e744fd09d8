// Package wrong does everything that siogen can't read.
package wrong

import (
	"errors"
	"fmt"

	"github.com/socketio-go/socketio/contract"
)

var Nobody = contract.NewEvent[int]("nobody")

//siogen:from somebody
var Somebody = contract.NewEvent[int]("somebody")

//siogen:from server
//siogen:sender me
var Unknown = contract.NewEvent[int]("unknown")

//siogen:from server
var (
	Twice = contract.NewEvent[int]("twice")
	Again = contract.NewEvent[string]("twice")

	Computed = contract.NewEvent[int](fmt.Sprint("computed"))
	Channel  = contract.NewEvent[struct{ Done chan int }]("channel")
	Func     = contract.NewEvent[map[string][]func()]("func")
	Complex  = contract.NewEvent[Deep]("complex")
	Keys     = contract.NewEvent[map[bool]int]("keys")
	Endless  = contract.NewEvent[Pointer]("endless")
	Closed   = contract.NewEvent[Hidden]("closed")
	Bytes    = contract.NewEvent[List[byte]]("bytes")
	Same     = contract.NewEvent[Names]("same")
	Tags     = contract.NewEvent[Tagged]("tags")

	//siogen:namespace chat
	Space = contract.NewEvent[int]("space")
	//siogen:args one two
	Args = contract.NewEvent[int]("args")
)

type Deep struct {
	Inner struct {
		List []complex128 `json:"list"`
	}
}

type Pointer *Pointer

type Hidden struct{ err error }

type List[T any] struct{ Items []T }

type Names struct {
	A int `json:"name"`
	B int `json:"name"`
}

type Tagged struct {
	Quoted int `json:"'a,b'"`
	//siogen:as Nothing
	As int
	//siogen:like string
	Like int
	Deep `json:"deep"`
	Kind
	//siogen:as Loop
	Self int
}

type Kind int

//siogen:as Loop
type Loop struct{}

func local() error {
	here := contract.NewEvent[int]("here")
	return errors.New(here.Name())
}

var _, _ = local, Hidden{}.err
