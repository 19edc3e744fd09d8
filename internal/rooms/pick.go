package rooms

// Union returns the members of all the rooms, each once. The slice must not be changed: for a single room it is that
// room's snapshot.
func (x *Index[M]) Union(rooms []string) []M {
	if len(rooms) == 0 {
		return nil
	}
	first := x.Members(rooms[0])
	var (
		seen map[M]struct{}
		all  []M
	)
	for _, room := range rooms[1:] {
		more := x.Members(room)
		if len(more) == 0 {
			continue
		}
		if len(first) == 0 && seen == nil {
			first = more
			continue
		}
		if seen == nil {
			seen = make(map[M]struct{}, len(first)+len(more))
			for _, m := range first {
				seen[m] = struct{}{}
			}
			all = append(make([]M, 0, len(first)+len(more)), first...)
		}
		for _, m := range more {
			if _, ok := seen[m]; !ok {
				seen[m] = struct{}{}
				all = append(all, m)
			}
		}
	}
	if seen == nil {
		return first
	}
	return all
}

// Without returns those of members that are in none of the rooms. Members itself is not changed.
func (x *Index[M]) Without(members []M, rooms []string) []M {
	out := x.Union(rooms)
	if len(out) == 0 || len(members) == 0 {
		return members
	}
	skip := make(map[M]struct{}, len(out))
	for _, m := range out {
		skip[m] = struct{}{}
	}
	rest := make([]M, 0, len(members))
	for _, m := range members {
		if _, ok := skip[m]; !ok {
			rest = append(rest, m)
		}
	}
	return rest
}
