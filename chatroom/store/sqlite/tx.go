package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// tx is the writer's connection with its prepared statements. Not safe for use by several goroutines. It has no context
// on purpose: a transaction holds the changes of many people, and one of them going away must not break it off.
type tx struct {
	conn       *sql.Conn
	statements map[string]*sql.Stmt // by their text; all texts are constants of this package
}

func (t *tx) prepare(query string) (*sql.Stmt, error) {
	if s := t.statements[query]; s != nil {
		return s, nil
	}
	s, err := t.conn.PrepareContext(context.Background(), query)
	if err != nil {
		return nil, fmt.Errorf("prepare %q: %w", query, err)
	}
	t.statements[query] = s
	return s, nil
}

func (t *tx) exec(query string, args ...any) error {
	_, err := t.changed(query, args...)
	return err
}

// changed is exec that returns the number of rows it changed.
func (t *tx) changed(query string, args ...any) (int64, error) {
	s, err := t.prepare(query)
	if err != nil {
		return 0, err
	}
	result, err := s.Exec(args...)
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

// insert is exec that returns the id of the new row.
func (t *tx) insert(query string, args ...any) (int64, error) {
	s, err := t.prepare(query)
	if err != nil {
		return 0, err
	}
	result, err := s.Exec(args...)
	if err != nil {
		return 0, err
	}
	return result.LastInsertId()
}

// row scans the one row of a query; found is false when there is none.
func (t *tx) row(query string, args []any, into ...any) (found bool, err error) {
	s, err := t.prepare(query)
	if err != nil {
		return false, err
	}
	err = s.QueryRow(args...).Scan(into...)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}

// nested runs f in a savepoint: when f fails, nothing of it stays.
func (t *tx) nested(f func(*tx) error) error {
	if err := t.exec("SAVEPOINT change"); err != nil {
		return err
	}
	err := f(t)
	if err != nil {
		if rollback := t.exec("ROLLBACK TO change"); rollback != nil {
			return errors.Join(err, rollback)
		}
	}
	if release := t.exec("RELEASE change"); release != nil {
		return errors.Join(err, release)
	}
	return err
}

func (t *tx) close() error {
	for _, s := range t.statements {
		s.Close()
	}
	return t.conn.Close()
}
