//go:build unix

package daemon

import (
	"fmt"
	"os"
	"strconv"
	"syscall"
)

// openChannel returns the descriptor that a Node parent opened for messages. It must not pass to child processes, which
// would keep it open after this one.
func openChannel(fd string) (*os.File, error) {
	n, err := strconv.Atoi(fd)
	if err != nil || n < 3 {
		return nil, fmt.Errorf("NODE_CHANNEL_FD is %q, want a descriptor from 3 on", fd)
	}
	syscall.CloseOnExec(n)
	return os.NewFile(uintptr(n), "node channel"), nil
}
