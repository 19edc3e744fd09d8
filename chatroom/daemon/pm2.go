package daemon

import (
	"encoding/json"
	"fmt"
)

// send sends a message as process.send does: JSON on a line of its own. pm2 with wait_ready waits for "ready".
func (s *Supervisor) send(message string) error {
	if s.node == nil {
		return nil
	}
	line, err := json.Marshal(message)
	if err != nil {
		return err
	}
	if _, err := s.node.Write(append(line, '\n')); err != nil {
		return fmt.Errorf("tell pm2: %w", err)
	}
	return nil
}
