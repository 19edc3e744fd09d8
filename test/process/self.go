package process

import (
	"os"
	"os/exec"
	"testing"
)

// asMain is set where the test binary plays the program.
const asMain = "RUN_MAIN_OF_TEST_BINARY"

// Main runs the tests of a package, or the program itself in a process that [Self] started. TestMain calls it with the
// package's main function.
func Main(m *testing.M, main func()) {
	if os.Getenv(asMain) != "" {
		_ = os.Unsetenv(asMain) // the children of the program are others
		main()
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// Self starts the main function given to [Main], with more environment, as "NAME=value", and arguments.
func Self(t testing.TB, env []string, args ...string) *Process {
	t.Helper()
	return Start(t, SelfCommand(t, env, args...))
}

// SelfCommand is the command that Self starts, for who wants to give it more, such as a standard input.
func SelfCommand(t testing.TB, env []string, args ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self, args...)
	cmd.Env = append(os.Environ(), asMain+"=1")
	cmd.Env = append(cmd.Env, env...)
	return cmd
}
