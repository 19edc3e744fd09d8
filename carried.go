package socketio

// carried is what a lost socket carried.
type carried struct {
	values map[*key]any
}

// valueCost is what a value counts when sessions are weighed: what it takes in memory can't be known.
const valueCost = 256

// Size is what the data weigh.
func (d *carried) Size() int { return valueCost * len(d.values) }

func (d *carried) MarshalBinary() ([]byte, error) { return nil, nil }
