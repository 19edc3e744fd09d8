// Package client_test tests the Go client against a server of this project, over the network. The two must not import
// each other, so it stands above both.
package client
