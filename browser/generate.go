package browser

//go:generate go run ./internal/write
