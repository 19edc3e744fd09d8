// Package daemon tells whoever supervises the process that it is ready, and that it is stopping: systemd, through the
// datagrams of sd_notify, and pm2, through the channel of a Node parent.
//
// It knows environment variables and two small protocols. It may touch the descriptors that they name. It refuses to know
// what the process does: it would serve any other program as well.
package daemon
