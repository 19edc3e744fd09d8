package socketio

import (
	"encoding/json/jsontext"
	"encoding/json/v2"
	"fmt"
	"maps"

	"github.com/socketio-go/socketio/adapter"
)

// carried is what a lost socket carried.
type carried struct {
	values map[*key]any
	saved  map[string]jsontext.Value // what was loaded and nobody has asked for yet
}

// valueCost is what a value counts when sessions are weighed: what it takes in memory can't be known.
const valueCost = 256

// Size is what the data weigh.
func (d *carried) Size() int {
	n := valueCost * len(d.values)
	if a, ok := d.values[answeredKey.key].(*answered); ok {
		n += a.size()
	}
	for name, v := range d.saved {
		n += valueCost + len(name) + len(v)
	}
	return n
}

// MarshalBinary makes a JSON object of the values by the names of their keys. It fails unless all of them may be saved.
func (d *carried) MarshalBinary() (b []byte, err error) {
	defer func() { // of a value
		if v := recover(); v != nil {
			err = &panicError{v}
		}
	}()
	all := maps.Clone(d.saved)
	if all == nil {
		all = make(map[string]jsontext.Value, len(d.values))
	}
	for k, v := range d.values {
		if !k.saved {
			return nil, fmt.Errorf("socketio: key %q is not saved", k.name)
		}
		if all[k.name], err = json.Marshal(v); err != nil {
			return nil, err
		}
	}
	return json.Marshal(all)
}

// carry takes what the socket carries, nil if it is nothing.
func (s *Socket) carry() adapter.Data {
	s.dataMu.Lock()
	defer s.dataMu.Unlock()
	if len(s.data) == 0 && len(s.session.saved) == 0 {
		return nil
	}
	return &carried{values: maps.Clone(s.data), saved: maps.Clone(s.session.saved)}
}

// restoreData gives the socket what the lost one carried. The map is its own, the values are the same.
func (s *Socket) restoreData(d adapter.Data) error {
	s.dataMu.Lock()
	defer s.dataMu.Unlock()
	switch d := d.(type) {
	case *carried:
		s.data, s.session.saved = maps.Clone(d.values), maps.Clone(d.saved)
	case adapter.Bytes:
		return json.Unmarshal(d, &s.session.saved)
	}
	return nil
}
