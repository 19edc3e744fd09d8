// Package house serves the chat room to the tests of programs that talk in it.
package house
