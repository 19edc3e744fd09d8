// Package shop has one of everything that a contract can carry.
package shop

import (
	"encoding/json"
	"math/big"
	"net/netip"
	"time"

	"github.com/socketio-go/socketio/cmd/siogen/testdata/shop/stock"
	"github.com/socketio-go/socketio/contract"
)

// What the server tells.
//
//siogen:from server
var (
	// Welcome is the first event.
	Welcome = contract.NewEvent[Greeting]("welcome")

	Arrived  = contract.NewEvent[*Item]("item:new") // An item, or null when it is a surprise.
	Moved    = contract.NewEvent[contract.Args3[stock.ID, Place, time.Time]]("moved")
	Closing  = contract.NewEvent[struct{}]("closing")
	Anything = contract.NewEvent[contract.Args]("any thing")
	Photo    = contract.NewEvent[[]byte]("photo")
	Catalog  = contract.NewEvent[Page[Item]]("catalog")
	Values   = contract.NewEvent[Zoo]("zoo")

	// Agree asks a client.
	Agree = contract.NewCall[string, bool]("agree?")
)

// What clients ask for.
//
//siogen:from client
var (
	// Buy buys an item.
	//
	//siogen:failure Refusal
	//siogen:args id count
	Buy = contract.NewCall[contract.Args2[stock.ID, int], Receipt]("buy")

	//siogen:failure none
	Count = contract.NewCall[struct{}, int]("count")
	Names = contract.NewCall[struct{}, contract.Args2[string, *string]]("names")
	Leave = contract.NewCall[string, struct{}]("leave")
	Raw   = contract.NewCall[contract.Args, json.RawMessage]("raw")
	Note  = contract.NewEvent[contract.Args2[string, *Place]]("note")
)

// Typing goes both ways.
//
//siogen:from both
var Typing = contract.NewEvent[bool]("typing")

//siogen:from both
//siogen:namespace /back-office
var (
	Audit  = contract.NewEvent[Page[Page[*stock.ID]]]("audit")
	Photos = contract.NewEvent[map[string][]byte]("photos")
)

// Greeting says hello.
// It has two lines, and ends no comment: */
type Greeting struct {
	Version int    `json:"v"`
	Text    string `json:"text,omitempty"` // in the language of the shop
	base
}

// base is not exported, and its fields are sent all the same.
type base struct {
	Build string  `json:"build"`
	Text  float64 // is hidden by no other: its name has a capital letter
}

// Item is for sale.
type Item struct {
	stock.Stamp
	ID     stock.ID `json:"id"`
	Name   string   `json:"name"`
	State  State    `json:"state"`
	Parts  []Item   `json:"parts"`
	Origin *Place   `json:"origin"`
	// Deprecated: use Parts.
	Spare   *Item           `json:"spare,omitzero"`
	Image   []byte          `json:"image"`
	Label   json.RawMessage `json:"label"`
	Secret  string          `json:"-"`
	hidden  int
	Stocked map[State]int `json:"stocked"`
}

// State is where an item is.
type State string

// The states.
const (
	Here State = "here" // on the shelf
	Sold State = "sold"
	// Gone is sold long ago.
	Gone State = "gone \"for good\""
)

// Place is a shelf.
type Place [2]int

// Page is a part of a list.
type Page[T any] struct {
	Items []T      `json:"items"`
	Next  *Page[T] `json:"next,omitzero"`
}

// Receipt is what a buyer gets, if it is no [Refusal]; [Nothing] is named as it is.
type Receipt struct {
	OK    Yes      `json:"ok"`
	Total Money    `json:"total"`
	Exact *big.Int `json:"exact"`
	Big   int64    `json:"big,string"`
}

// Refusal is the answer to what can't be done.
type Refusal struct {
	OK   No     `json:"ok"`
	Code string `json:"code"`
}

// Yes is always true, and No is always false.
type (
	Yes bool
	No  bool
)

const (
	yes Yes = true
	no  No  = false
)

// Money is written as its author likes.
//
//siogen:as string
type Money struct{ cents int64 }

func (m Money) MarshalJSON() ([]byte, error) { return json.Marshal(big.NewInt(m.cents).String()) }

// Zoo is what is seldom seen.
type Zoo struct {
	Address  netip.Addr           `json:"address"`
	Wait     time.Duration        `json:"wait"`
	Any      any                  `json:"any"`
	Opaque   Opaque               `json:"opaque"`
	AsPoints Opaque               `json:"points"` //siogen:as []Place
	Hash     [16]byte             `json:"hash"`
	ByID     map[stock.ID]*Item   `json:"byId"`
	Long     [9]float32           `json:"long"`
	Tree     Tree                 `json:"tree"`
	Quoted   string               `json:"a b"`
	Inline   struct{ A, B uint8 } `json:"inline"`
	Empty    struct{}             `json:"empty"`
	Bytes    [][]byte             `json:"bytes"`
	Stock    stock.Item           `json:"stock"`
	Nothing  *struct{}            `json:"nothing"`
	Wide     bool                 `json:"breit-ß"`
	More     map[string]any       `json:",embed"`
}

// Tree holds itself.
type Tree map[string][]Tree

// Opaque is written as its author likes.
type Opaque struct{}

func (Opaque) MarshalJSON() ([]byte, error) { return []byte(`[[1,2]]`), nil }
