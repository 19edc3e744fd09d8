package chat

import (
	"errors"
	"time"
)

// Code names the reason of a refusal. It goes to clients as it is and is translated there, so a code never changes its
// meaning.
type Code string

const (
	CodeBadRequest Code = "bad_request" // the request does not have the form that the contract asks for
	CodeNoSession  Code = "auth"        // nobody is signed in
	CodeNameEmpty  Code = "name_empty"
	CodeNameLong   Code = "name_long"
	CodeNameChars  Code = "name_chars" // the name has characters that can't be seen or told apart
	CodeNameTaken  Code = "name_taken" // someone has this name, or one that looks the same
	CodeTopicLong  Code = "topic_long"
	CodeBodyEmpty  Code = "body_empty"
	CodeBodyLong   Code = "body_long"
	CodeCIDReused  Code = "cid_reused" // the client id stands for another message already
	CodeNotFound   Code = "not_found"  // no such room or person, or none that the asker may see
	CodeFull       Code = "full"       // the server has as many rooms as it takes
	CodeRate       Code = "rate"       // too fast: the answer says how long to wait
	CodeBusy       Code = "busy"       // the store can't keep up: the answer says how long to wait
	CodeInternal   Code = "internal"   // an error that is nobody's business but the server's, whose log has it
)

// Error is a refusal that the person who asked may see.
type Error struct {
	Code Code
	// RetryAfter is how long to wait before the same request can succeed. Zero: waiting does not help.
	RetryAfter time.Duration
}

// Error names the code.
func (e *Error) Error() string { return "chat: refused: " + string(e.Code) }

// Refuse returns the refusal with this code.
func Refuse(code Code) *Error { return &Error{Code: code} }

// Is makes errors.Is compare refusals by their code.
func (e *Error) Is(target error) bool {
	t, ok := errors.AsType[*Error](target)
	return ok && t.Code == e.Code
}
