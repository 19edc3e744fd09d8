// Package daemon tests the chat as a daemon: the program as it is built, under the real pm2, under what stands for
// systemd, and on its own. The npm packages of this folder are pm2.
package daemon
