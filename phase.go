package socketio

// phase is where a socket's runner is. It only grows.
type phase uint8

const (
	fresh     phase = iota // nothing has run
	deciding               // middleware runs
	welcoming              // connection handlers run
	serving                // events run
	leaving                // disconnect handlers run
	over                   // nothing will run
)
