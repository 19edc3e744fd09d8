package wire

import "github.com/socketio-go/socketio/contract"

// Version is the version of the contract, which [Hello] announces.
const Version = 1

// What the server says.
//
//siogen:from server
var (
	// Welcome is the first event that a socket gets: everything that the first screen shows.
	Welcome = contract.NewEvent[Hello]("hello")

	// MessageNew is a message, to everybody in its room but the socket that sent it, which has the acknowledgement.
	MessageNew = contract.NewEvent[NewMessage]("msg:new")

	// MemberJoin: somebody is here now.
	MemberJoin = contract.NewEvent[Arrival]("member:join")
	// MemberLeave: somebody's last tab has gone.
	MemberLeave = contract.NewEvent[Departure]("member:leave")
	// MemberGone: somebody has signed out and is no member of any room any more.
	MemberGone = contract.NewEvent[Departure]("member:gone")

	// RoomAdd tells a person's tabs that they are in one more room.
	RoomAdd = contract.NewEvent[NewRoom]("room:add")
	// RoomRemove tells a person's tabs that they are in one room less.
	RoomRemove = contract.NewEvent[RoomRef]("room:remove")
	// RoomJoin tells a room of a new member.
	RoomJoin = contract.NewEvent[RoomMember]("room:join")
	// RoomLeave tells a room that a member has left it.
	RoomLeave = contract.NewEvent[RoomMember]("room:leave")

	// ReadTo tells a person's other tabs and devices up to where they have read.
	ReadTo = contract.NewEvent[ReadMark]("read")
	// Types says that somebody types, or stops to. It may get lost.
	Types = contract.NewEvent[TypingNotice]("typing")
	// Drain says that the server is about to end, and that the connection will.
	Drain = contract.NewEvent[struct{}]("sys:drain")
)

// CountHere says in the lobby, where nobody has a name yet, how many people are here.
//
//siogen:from server
//siogen:namespace /lobby
//siogen:args count
var CountHere = contract.NewEvent[int]("here")

// What clients ask for.
//
//siogen:from client
//siogen:failure Refusal
var (
	// SendMessage is answered when the message is on disk. Sent again with the same cid it is the same message.
	SendMessage = contract.NewCall[Draft, Sent]("msg:send")
	// Sync asks for the differences since the last connection.
	Sync = contract.NewCall[Known, Missed]("sync")
	// History asks for a page of a room: the newest one, or the one before or after a seq.
	History = contract.NewCall[PageRequest, Page]("history")
	// MarkRead says up to where a room was read.
	MarkRead = contract.NewCall[ReadMark, ReadAnswer]("read")

	// ListRooms asks for the public rooms whose names have something in them.
	ListRooms = contract.NewCall[Query, Listings]("room:list")
	// GetRoom asks for one of one's own rooms.
	GetRoom = contract.NewCall[RoomRef, RoomAnswer]("room:get")
	// ListMembers asks who is in a room.
	ListMembers = contract.NewCall[RoomRef, Members]("room:members")
	// CreateRoom makes a public room and enters it.
	CreateRoom = contract.NewCall[RoomDraft, RoomAnswer]("room:create")
	// OpenDirect enters the room that one shares with one other person.
	OpenDirect = contract.NewCall[PersonRef, RoomAnswer]("room:direct")
	// JoinRoom enters a public room.
	JoinRoom = contract.NewCall[RoomRef, RoomAnswer]("room:join")
	// LeaveRoom leaves a room.
	LeaveRoom = contract.NewCall[RoomRef, Accepted]("room:leave")
)

// Type says that one types, or stops to. It may get lost.
//
//siogen:from client
var Type = contract.NewEvent[Typing]("typing")
