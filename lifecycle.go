package socketio

// decide asks the middleware about a client, unless it asked before.
func (n *Namespace) decide(s *Socket) error {
	if s.Recovered() && !n.recovery.ask {
		return nil
	}
	for _, layer := range n.layers {
		for f := range layer.middleware.For(all) {
			if err := s.guard("middleware", func() error { return f(s.Context(), s) }); err != nil {
				return err
			}
		}
	}
	return nil
}

// welcomes reports whether there is anything to be run for a socket that was accepted.
func (n *Namespace) welcomes() bool {
	for _, layer := range n.layers {
		if layer.connection.Has(all) {
			return true
		}
	}
	return false
}

func (s *Socket) welcome() {
	for _, layer := range s.namespace.layers {
		for f := range layer.connection.For(all) {
			s.guard("OnConnection", func() error { f(s); return nil })
		}
	}
}

func (s *Socket) disconnecting(reason DisconnectReason) {
	for _, layer := range s.namespace.layers {
		for f := range layer.disconnecting.For(all) {
			s.guard("OnDisconnecting", func() error { f(s, reason); return nil })
		}
	}
	if l := s.listeners.Load(); l != nil {
		for f := range l.disconnecting.For(all) {
			s.guard("OnDisconnecting", func() error { f(reason); return nil })
		}
	}
}

func (s *Socket) disconnected(reason DisconnectReason) {
	for _, layer := range s.namespace.layers {
		for f := range layer.disconnect.For(all) {
			s.guard("OnDisconnect", func() error { f(s, reason); return nil })
		}
	}
	if l := s.listeners.Load(); l != nil {
		for f := range l.disconnect.For(all) {
			s.guard("OnDisconnect", func() error { f(reason); return nil })
		}
	}
}

// rejected ends an event that the socket's middleware did not let through.
func (s *Socket) rejected(e *Event, err error) {
	for f := range s.own().errors.For(all) {
		s.guard("OnError", func() error { f(err); return nil })
	}
	s.failed(e, err)
}
