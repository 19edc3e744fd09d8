package main

import (
	"errors"
	"io"
	"log/slog"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"runtime"

	"github.com/alecthomas/kong"
)

// flags is the command line. What it says in words is checked by config.
type flags struct {
	Listen       string   `default:":3000" env:"CHATROOM_LISTEN" placeholder:"ADDR" help:"Address to listen on (${default})."`
	Data         string   `env:"CHATROOM_DATA" placeholder:"DIR" help:"Folder for the data (${data})."`
	LogLevel     string   `default:"info" env:"CHATROOM_LOG_LEVEL" placeholder:"LEVEL" help:"debug, info, warn or error (${default})."`
	CORS         []string `name:"cors" env:"CHATROOM_CORS" placeholder:"ORIGIN" help:"Origin whose pages may talk to the chat besides its own, such as https://example.com. Repeatable."`
	TrustedProxy []string `env:"CHATROOM_TRUSTED_PROXY" placeholder:"CIDR" help:"Reverse proxy whose X-Forwarded headers are believed, such as 127.0.0.1/32. Repeatable."`

	Serve struct{} `cmd:"" default:"1" help:"Run the chat in the foreground. This is the default."`
}

// config is what the program is to do.
type config struct {
	listen  string
	data    string
	level   slog.Level
	origins []string
	proxies []netip.Prefix
}

// parse reads the command line and the environment. done means that the help was asked for and printed.
func parse(args []string, stdout io.Writer) (c config, done bool, err error) {
	var f flags
	parser, err := kong.New(&f,
		kong.Name("chatroom"),
		kong.Description("A chat in one program: rooms, private messages, nothing lost."),
		kong.Vars{"data": dataFolder()},
		kong.Writers(stdout, io.Discard),
		kong.Exit(func(int) { done = true }),
	)
	if err != nil {
		return config{}, false, err
	}
	_, err = parser.Parse(args)
	if done {
		return config{}, true, nil
	}
	if err != nil {
		return config{}, false, exit(exitUsage, "%w (chatroom --help tells more)", err)
	}
	c, err = f.config()
	return c, false, err
}

// config checks what the flags say.
func (f *flags) config() (config, error) {
	c := config{listen: f.Listen, data: f.Data, origins: f.CORS}
	if c.data == "" {
		c.data = dataFolder()
	}
	if c.data == "" {
		return config{}, exit(exitConfig, "no folder for the data: neither --data nor HOME is set")
	}
	if err := c.level.UnmarshalText([]byte(f.LogLevel)); err != nil {
		return config{}, exit(exitConfig, "--log-level is %q, want debug, info, warn or error", f.LogLevel)
	}
	for _, origin := range f.CORS {
		if !validOrigin(origin) {
			return config{}, exit(exitConfig, "--cors is %q, want an origin such as https://example.com", origin)
		}
	}
	for _, proxy := range f.TrustedProxy {
		prefix, err := parsePrefix(proxy)
		if err != nil {
			return config{}, exit(exitConfig, "--trusted-proxy is %q, want an address or a range such as 10.0.0.0/8", proxy)
		}
		c.proxies = append(c.proxies, prefix)
	}
	return c, nil
}

// validOrigin accepts what browsers send as Origin, and "*".
func validOrigin(s string) bool {
	u, err := url.Parse(s)
	return s == "*" || err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" && s == u.Scheme+"://"+u.Host
}

// parsePrefix reads a range of addresses, or one address as the range that holds only it.
func parsePrefix(s string) (netip.Prefix, error) {
	prefix, err := netip.ParsePrefix(s)
	if err == nil {
		return prefix.Masked(), nil
	}
	address, addressErr := netip.ParseAddr(s)
	if addressErr != nil {
		return netip.Prefix{}, errors.Join(err, addressErr)
	}
	return netip.PrefixFrom(address, address.BitLen()), nil
}

// instance names the one chat that a user runs by default.
const instance = "chatroom"

// dataFolder returns where the data lies unless --data says otherwise: where systemd says, in /var/lib for root, else
// where the XDG base directories (or Windows) put the data of programs. It is "" when nothing is known of a home.
func dataFolder() string {
	if dir := os.Getenv("STATE_DIRECTORY"); dir != "" {
		return dir
	}
	if runtime.GOOS == "windows" {
		if dir, err := os.UserCacheDir(); err == nil { // %LocalAppData%
			return filepath.Join(dir, "chatroom", instance)
		}
		return ""
	}
	if dir := os.Getenv("XDG_DATA_HOME"); filepath.IsAbs(dir) {
		return filepath.Join(dir, "chatroom", instance)
	}
	if os.Geteuid() == 0 {
		return filepath.Join("/var/lib/chatroom", instance)
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return ""
	}
	return filepath.Join(home, ".local", "share", "chatroom", instance)
}
