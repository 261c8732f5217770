/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A list model over a query: it holds the ids of all rows, and the content of those that are looked at.
 *
 * The ids that are shown are an array that is never changed, only replaced: a reader thread compares it with the
 * query's new result while the list goes on showing it. */
#include "config.h"

#include "assay-row-diff-private.h"
#include "assay-row-private.h"

#include <string.h>

#define KEPT_ROWS (16 * ASSAY_ROW_PAGE)
/* Read at first, so that a list is on screen before a million ids are. */
#define FIRST_IDS 200
#define FIRST_FOUND 1000
/* Shorter lists are read as a whole: nothing is pushed out of sight. */
#define HOLD_BACK_ROWS 50
#define RESCAN_INTERVAL (250 * G_TIME_SPAN_MILLISECOND)
#define RELOAD_ROWS 256

struct _AssayRowList
{
  GObject parent_instance;

  AssayStore *store;
  AssayRowKind kind;
  AssayApplicationFilter *filter;
  int status;
  gint64 batch_id;

  GArray *ids;              /* shown; (element-type gint64), never changed */
  GArray *all;              /* (nullable) what the query gives, where that isn't what is shown */
  guint held_back;
  gboolean hold_back;
  GArray *whole;            /* (nullable) the ATSs that were read as a whole when the query ran last */
  gboolean first_reading;   /* one wasn't */
  gboolean loading;
  gboolean partial;         /* only the first ids of the query are here */
  gboolean complete;        /* all ids of the present query are here */

  /* While steps are announced: the list is the new ids up to here, then the rest of the old ones. */
  GArray *old_ids;          /* (nullable) */
  guint boundary;
  guint old_boundary;
  gboolean show_wanted;     /* somebody asked for the held back rows meanwhile */

  GHashTable *rows;         /* id → AssayRow, not owned */
  GQueue kept;              /* AssayRow, owned, the last used first */

  GCancellable *scan;       /* (nullable) the query that runs */
  gboolean rescan_wanted;
  guint rescan_id;
  gint64 last_scan_end;
  gint64 last_scan_time;

  GCancellable *loads;      /* of all page reads */
  gboolean reloading;
  guint64 serial;
};

enum
{
  PROP_LOADING = 1,
  PROP_HELD_BACK,
  PROP_HOLD_BACK,
  PROP_N_ITEMS,
  PROP_COMPLETE,
  N_PROPS,
};

enum
{
  FAILED,
  ITEMS_LEAVING,
  N_SIGNALS,
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

static void list_model_iface_init (GListModelInterface *iface);
static void start_scan (AssayRowList *self, gboolean first);
static void reload_stale_rows (AssayRowList *self);

G_DEFINE_TYPE_WITH_CODE (AssayRowList, assay_row_list, G_TYPE_OBJECT,
                         G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_iface_init))

/* ---- What is shown ---- */

static guint
get_length (AssayRowList *self)
{
  if (self->old_ids != NULL)
    return self->boundary + (self->old_ids->len - self->old_boundary);
  return self->ids->len;
}

static gint64
get_id (AssayRowList *self,
        guint         position)
{
  if (self->old_ids != NULL && position >= self->boundary)
    return g_array_index (self->old_ids, gint64, position - self->boundary + self->old_boundary);
  return g_array_index (self->ids, gint64, position);
}

/* Announces first of what a step takes away what somebody wants to see leave by itself. */
static void
announce_leaving (AssayRowList *self,
                  AssaySplice  *splice)
{
  while (splice->removed > 1)
    {
      guint first = 0;

      g_signal_emit (self, signals[ITEMS_LEAVING], 0, splice->position, splice->removed, &first);
      if (first == 0 || first >= splice->removed)
        break;
      splice->old_position += first;
      splice->removed -= first;
      self->boundary = splice->position;
      self->old_boundary = splice->old_position;
      g_list_model_items_changed (G_LIST_MODEL (self), splice->position, first, 0);
    }
}

/* Takes @ids. */
static void
announce (AssayRowList *self,
          GArray       *ids,
          GArray       *splices)
{
  self->old_ids = self->ids;
  self->ids = ids;
  self->boundary = self->old_boundary = 0;
  for (guint i = 0; i < splices->len; i++)
    {
      AssaySplice splice = g_array_index (splices, AssaySplice, i);

      announce_leaving (self, &splice);
      self->boundary = splice.position + splice.added;
      self->old_boundary = splice.old_position + splice.removed;
      g_list_model_items_changed (G_LIST_MODEL (self), splice.position, splice.removed, splice.added);
    }
  g_clear_pointer (&self->old_ids, g_array_unref);
}

/* Takes @ids. What moves leaves before it comes: GtkListView mistakes two rows for one that are the same for a
 * moment. */
static void
show_ids (AssayRowList *self,
          GArray       *ids,
          GArray       *splices)
{
  guint old_length = self->ids->len;

  if (assay_row_diff_moves (splices, (const gint64 *) self->ids->data, (const gint64 *) ids->data))
    {
      g_autoptr (GArray) leaving = NULL, coming = NULL;
      GArray *middle = assay_row_diff_part (splices, (const gint64 *) self->ids->data, self->ids->len, &leaving, &coming);

      announce (self, middle, leaving);
      announce (self, ids, coming);
    }
  else
    announce (self, ids, splices);

  if (old_length != self->ids->len)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_N_ITEMS]);
}

static void
set_held_back (AssayRowList *self,
               guint         held_back)
{
  if (self->held_back == held_back)
    return;
  self->held_back = held_back;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_HELD_BACK]);
}

static void
set_loading (AssayRowList *self,
             gboolean      loading)
{
  if (self->loading == loading)
    return;
  self->loading = loading;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LOADING]);
}

static void
set_complete (AssayRowList *self,
              gboolean      complete)
{
  if (self->complete == complete)
    return;
  self->complete = complete;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_COMPLETE]);
}

/* ---- Rows ---- */

static AssayRow *
ensure_row (AssayRowList *self,
            gint64        id)
{
  AssayRow *row = g_hash_table_lookup (self->rows, &id);

  if (row != NULL)
    {
      if (row->link != NULL)
        {
          g_queue_unlink (&self->kept, row->link);
          g_queue_push_head_link (&self->kept, row->link);
          return row;
        }
      g_object_ref (row);
    }
  else
    {
      row = g_object_new (ASSAY_TYPE_ROW, NULL);
      row->id = id;
      row->registry = g_hash_table_ref (self->rows);
      g_hash_table_insert (self->rows, &row->id, row);
    }

  g_queue_push_head (&self->kept, row);
  row->link = self->kept.head;
  if (self->kept.length > KEPT_ROWS)
    {
      AssayRow *oldest = g_queue_pop_tail (&self->kept);

      oldest->link = NULL;
      g_object_unref (oldest);
    }
  return row;
}

/* ---- Reading content ---- */

typedef struct
{
  AssayRowList *list; /* not owned: cancelled before it goes */
  AssayRowKind kind;
  GArray *ids;
  guint64 serial;
  gboolean reload;
} Load;

static void
load_free (gpointer data)
{
  Load *load = data;

  g_array_unref (load->ids);
  g_free (load);
}

static gpointer
run_load (AssayDatabase  *database,
          gpointer        data,
          GError        **error)
{
  Load *load = data;

  return assay_row_read_values (database, load->kind, load->ids, load->ids->len, error);
}

static void
load_done (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  Load *load = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) values = assay_store_finish (ASSAY_STORE (source), result, &error);
  AssayRowList *self;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return; /* the list may be gone */

  self = g_object_ref (load->list);
  if (load->reload)
    self->reloading = FALSE;
  for (guint i = 0; i < load->ids->len; i++)
    {
      AssayRow *row = g_hash_table_lookup (self->rows, &g_array_index (load->ids, gint64, i));

      if (row == NULL)
        continue;
      if (error != NULL)
        row->requested = assay_row_is_loaded (row); /* whoever asks for it next tries again */
      else if (g_ptr_array_index (values, i) != NULL)
        assay_row_fill (row, self->kind, g_steal_pointer (&g_ptr_array_index (values, i)), load->serial);
    }

  if (error != NULL)
    g_signal_emit (self, signals[FAILED], 0, error);
  else
    reload_stale_rows (self); /* what changed while it was read */
  g_object_unref (self);
}

/* Takes @ids. */
static void
start_load (AssayRowList *self,
            GArray       *ids,
            gboolean      reload)
{
  Load *load = g_new0 (Load, 1);

  load->list = self;
  load->kind = self->kind;
  load->ids = ids;
  load->serial = ++self->serial;
  load->reload = reload;
  assay_store_read_async (self->store, run_load, load, load_free, (GDestroyNotify) g_ptr_array_unref, self->loads,
                          load_done, load);
}

/* Asks for the page around @position: all of it that wasn't asked for before, in one read. */
static void
load_page (AssayRowList *self,
           guint         position)
{
  GArray *ids = g_array_sized_new (FALSE, FALSE, sizeof (gint64), ASSAY_ROW_PAGE);
  guint start = position - position % ASSAY_ROW_PAGE;
  guint end = MIN (start + ASSAY_ROW_PAGE, get_length (self));

  for (guint i = start; i < end; i++)
    {
      gint64 id = get_id (self, i);
      AssayRow *row = ensure_row (self, id);

      if (row->requested)
        continue;
      row->requested = TRUE;
      row->stale = FALSE;
      g_array_append_val (ids, id);
    }
  start_load (self, ids, FALSE);
}

static void
add_stale_row (GArray   *ids,
               AssayRow *row)
{
  if (!row->stale || ids->len >= RELOAD_ROWS)
    return;
  row->stale = FALSE;
  g_array_append_val (ids, row->id);
}

/* One read at a time, the rows looked at last before all others. */
static void
reload_stale_rows (AssayRowList *self)
{
  g_autoptr (GArray) ids = NULL;
  GHashTableIter iter;
  gpointer row;

  if (self->reloading || self->store == NULL)
    return;
  ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  for (GList *l = self->kept.head; l != NULL && ids->len < RELOAD_ROWS; l = l->next)
    add_stale_row (ids, l->data);
  g_hash_table_iter_init (&iter, self->rows);
  while (ids->len < RELOAD_ROWS && g_hash_table_iter_next (&iter, NULL, &row))
    add_stale_row (ids, row);

  if (ids->len > 0)
    {
      self->reloading = TRUE;
      start_load (self, g_steal_pointer (&ids), TRUE);
    }
}

/* ---- Running the query ---- */

static gboolean
rescan (gpointer data)
{
  AssayRowList *self = data;

  self->rescan_id = 0;
  if (self->scan == NULL)
    {
      self->rescan_wanted = FALSE;
      start_scan (self, FALSE);
    }
  return G_SOURCE_REMOVE;
}

/* After a change: at once if it has been calm, else so that queries take a fifth of the time at most. */
static void
schedule_rescan (AssayRowList *self)
{
  gint64 wait;

  self->rescan_wanted = TRUE;
  if (self->scan != NULL || self->rescan_id != 0)
    return;
  wait = self->last_scan_end + MAX (RESCAN_INTERVAL, 4 * self->last_scan_time) - g_get_monotonic_time ();
  self->rescan_id = g_timeout_add (wait > 0 ? (guint) (wait / 1000) : 0, rescan, self);
}

/* The first page's content came with its ids. */
static void
fill_first_page (AssayRowList *self,
                 GArray       *ids,
                 GPtrArray    *values,
                 guint64       serial)
{
  for (guint i = 0; i < values->len; i++)
    if (g_ptr_array_index (values, i) != NULL)
      assay_row_fill (ensure_row (self, g_array_index (ids, gint64, i)), self->kind,
                      g_steal_pointer (&g_ptr_array_index (values, i)), serial);
}

static gboolean
ids_equal (GArray *a,
           GArray *b)
{
  return a->len == b->len && (a == b || memcmp (a->data, b->data, a->len * sizeof (gint64)) == 0);
}

/* Takes the result of the scan that ran. */
static void
take_result (AssayRowList       *self,
             AssayRowScan       *scan,
             AssayRowScanResult *result,
             const GError       *error)
{
  g_clear_object (&self->scan);
  self->last_scan_end = g_get_monotonic_time ();
  if (error != NULL)
    {
      /* The rows may be those of another query: the next result replaces them. */
      self->partial = self->partial || scan->limit != 0;
      set_loading (self, FALSE);
      g_signal_emit (self, signals[FAILED], 0, error);
      return;
    }
  if (scan->shown != self->ids)
    {
      /* Held back rows were shown while the query ran: its comparison is void. */
      if (scan->hold_back)
        {
          start_scan (self, FALSE);
          return;
        }
      g_array_unref (result->splices);
      result->splices = assay_row_diff ((const gint64 *) self->ids->data, self->ids->len,
                                        (const gint64 *) result->shown->data, result->shown->len);
    }

  self->last_scan_time = result->time;
  self->partial = scan->limit != 0 && result->all->len >= scan->limit;
  if (result->values != NULL)
    fill_first_page (self, result->all, result->values, scan->serial);

  g_clear_pointer (&self->all, g_array_unref);
  if (!ids_equal (result->all, result->shown))
    self->all = g_array_ref (result->all);
  if (result->splices->len > 0)
    show_ids (self, g_steal_pointer (&result->shown), result->splices);
  g_clear_pointer (&self->whole, g_array_unref);
  self->whole = g_steal_pointer (&result->whole);
  self->first_reading = result->first_reading;
  set_held_back (self, result->held_back);
  set_loading (self, FALSE);
  set_complete (self, !self->partial);

  if (self->show_wanted)
    assay_row_list_show_held_back (self);
  /* A handler may have begun another query. */
  if (self->scan != NULL || self->store == NULL)
    return;
  /* Once what is here is on the screen: a program that starts has enough to do. */
  if (self->partial && self->rescan_id == 0)
    self->rescan_id = g_idle_add_full (G_PRIORITY_LOW, rescan, self, NULL);
  else if (self->rescan_wanted)
    schedule_rescan (self);
}

static void
scan_done (GObject      *source,
           GAsyncResult *async_result,
           gpointer      user_data)
{
  AssayRowScan *scan = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayRowScanResult) result = assay_store_finish (ASSAY_STORE (source), async_result, &error);
  g_autoptr (AssayRowList) self = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return; /* replaced by another query, or the list may be gone */

  self = g_object_ref (scan->list);
  take_result (self, scan, result, error);
}

/* @first: only the first rows, of a new query. Otherwise all ids of the present one. The scan that ran is void. */
static AssayRowScan *
make_scan (AssayRowList *self,
           gboolean      first)
{
  AssayRowScan *scan = g_new0 (AssayRowScan, 1);

  if (self->scan != NULL)
    g_cancellable_cancel (self->scan);
  g_clear_object (&self->scan);
  self->scan = g_cancellable_new ();

  scan->list = self;
  scan->kind = self->kind;
  scan->filter = assay_application_filter_copy (self->filter);
  scan->status = self->status;
  scan->batch_id = self->batch_id;
  scan->shown = g_array_ref (self->ids);
  scan->serial = ++self->serial;
  if (!first)
    scan->hold_back = self->hold_back && !self->partial && self->ids->len >= HOLD_BACK_ROWS;
  else if (self->filter->search != NULL && self->filter->search[0] != '\0')
    scan->limit = FIRST_FOUND;
  else
    scan->limit = FIRST_IDS;
  scan->whole = self->whole != NULL ? g_array_ref (self->whole) : NULL;
  return scan;
}

static void
start_scan (AssayRowList *self,
            gboolean      first)
{
  AssayRowScan *scan = make_scan (self, first);

  assay_store_read_async (self->store, assay_row_scan_run, scan, assay_row_scan_free, assay_row_scan_result_free, self->scan,
                          scan_done, scan);
}

static void
start_query (AssayRowList *self)
{
  self->rescan_wanted = FALSE;
  g_clear_handle_id (&self->rescan_id, g_source_remove);
  set_complete (self, FALSE);
  set_loading (self, TRUE);
  start_scan (self, TRUE);
}

/* ---- Following the store ---- */

static gboolean
row_is_touched (AssayRow           *row,
                const AssayChanges *changes)
{
  if (row->application != NULL)
    return assay_changes_has (changes, ASSAY_CHANGE_APPLICATIONS, row->id) ||
           assay_changes_has (changes, ASSAY_CHANGE_JOBS, row->application->job_id) ||
           assay_changes_has (changes, ASSAY_CHANGE_CONNECTIONS, row->application->connection_id);
  if (row->invitation != NULL)
    return assay_changes_has (changes, ASSAY_CHANGE_INVITATIONS, row->id) ||
           assay_changes_has (changes, ASSAY_CHANGE_APPLICATIONS, row->invitation->application_id) ||
           assay_changes_has (changes, ASSAY_CHANGE_ASSESSMENTS, row->invitation->assessment_id) ||
           assay_changes_has (changes, ASSAY_CHANGE_CONNECTIONS, row->invitation->connection_id);
  /* It is being read now, perhaps as it was before. */
  return row->requested;
}

static void
store_changed (AssayStore   *store,
               AssayChanges *changes,
               AssayRowList *self)
{
  GHashTableIter iter;
  gpointer row;

  g_hash_table_iter_init (&iter, self->rows);
  while (g_hash_table_iter_next (&iter, NULL, &row))
    if (row_is_touched (row, changes))
      ASSAY_ROW (row)->stale = TRUE;
  reload_stale_rows (self);

  if (assay_changes_has_kind (changes, self->kind == ASSAY_ROW_APPLICATION ? ASSAY_CHANGE_APPLICATIONS
                                                                       : ASSAY_CHANGE_INVITATIONS))
    schedule_rescan (self);
  /* All is there now: from here on, what comes is held back. */
  else if (self->first_reading && assay_changes_has_kind (changes, ASSAY_CHANGE_CONNECTIONS))
    schedule_rescan (self);
}

/* ---- The interface ---- */

static GType
get_item_type (GListModel *model)
{
  return ASSAY_TYPE_ROW;
}

static guint
get_n_items (GListModel *model)
{
  return get_length (ASSAY_ROW_LIST (model));
}

static gpointer
get_item (GListModel *model,
          guint       position)
{
  AssayRowList *self = ASSAY_ROW_LIST (model);
  AssayRow *row;

  if (position >= get_length (self))
    return NULL;
  /* Held first, because loading its page may push it out of those that are kept. */
  row = g_object_ref (ensure_row (self, get_id (self, position)));
  if (!row->requested && self->store != NULL)
    load_page (self, position);
  return row;
}

static void
list_model_iface_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

/* ---- The object ---- */

static void
assay_row_list_get_property (GObject    *object,
                             guint       property_id,
                             GValue     *value,
                             GParamSpec *pspec)
{
  AssayRowList *self = ASSAY_ROW_LIST (object);

  switch (property_id)
    {
    case PROP_LOADING:
      g_value_set_boolean (value, self->loading);
      break;
    case PROP_HELD_BACK:
      g_value_set_uint (value, self->held_back);
      break;
    case PROP_HOLD_BACK:
      g_value_set_boolean (value, self->hold_back);
      break;
    case PROP_N_ITEMS:
      g_value_set_uint (value, get_length (self));
      break;
    case PROP_COMPLETE:
      g_value_set_boolean (value, assay_row_list_is_complete (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
      break;
    }
}

static void
assay_row_list_set_property (GObject      *object,
                             guint         property_id,
                             const GValue *value,
                             GParamSpec   *pspec)
{
  AssayRowList *self = ASSAY_ROW_LIST (object);

  switch (property_id)
    {
    case PROP_HOLD_BACK:
      if (self->hold_back != g_value_get_boolean (value))
        {
          self->hold_back = g_value_get_boolean (value);
          if (!self->hold_back)
            {
              assay_row_list_show_held_back (self);
              schedule_rescan (self);
            }
          g_object_notify_by_pspec (object, pspec);
        }
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
      break;
    }
}

static void
assay_row_list_dispose (GObject *object)
{
  AssayRowList *self = ASSAY_ROW_LIST (object);
  AssayRow *row;

  if (self->scan != NULL)
    g_cancellable_cancel (self->scan);
  g_clear_object (&self->scan);
  g_cancellable_cancel (self->loads);
  g_clear_handle_id (&self->rescan_id, g_source_remove);
  if (self->store != NULL)
    g_signal_handlers_disconnect_by_data (self->store, self);
  g_clear_object (&self->store);
  while ((row = g_queue_pop_head (&self->kept)) != NULL)
    {
      row->link = NULL;
      g_object_unref (row);
    }

  G_OBJECT_CLASS (assay_row_list_parent_class)->dispose (object);
}

static void
assay_row_list_finalize (GObject *object)
{
  AssayRowList *self = ASSAY_ROW_LIST (object);

  g_object_unref (self->loads);
  g_hash_table_unref (self->rows);
  g_array_unref (self->ids);
  g_clear_pointer (&self->all, g_array_unref);
  g_clear_pointer (&self->whole, g_array_unref);
  assay_application_filter_free (self->filter);

  G_OBJECT_CLASS (assay_row_list_parent_class)->finalize (object);
}

static void
assay_row_list_class_init (AssayRowListClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = assay_row_list_get_property;
  object_class->set_property = assay_row_list_set_property;
  object_class->dispose = assay_row_list_dispose;
  object_class->finalize = assay_row_list_finalize;

  properties[PROP_LOADING] =
    g_param_spec_boolean ("loading", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_HELD_BACK] =
    g_param_spec_uint ("held-back", NULL, NULL, 0, G_MAXUINT, 0, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_HOLD_BACK] =
    g_param_spec_boolean ("hold-back", NULL, NULL, TRUE,
                          G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_N_ITEMS] =
    g_param_spec_uint ("n-items", NULL, NULL, 0, G_MAXUINT, 0, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_COMPLETE] =
    g_param_spec_boolean ("complete", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[FAILED] = g_signal_new ("failed", ASSAY_TYPE_ROW_LIST, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                  1, G_TYPE_ERROR);
  signals[ITEMS_LEAVING] =
    g_signal_new ("items-leaving", ASSAY_TYPE_ROW_LIST, G_SIGNAL_RUN_LAST, 0, g_signal_accumulator_first_wins, NULL,
                  NULL, G_TYPE_UINT, 2, G_TYPE_UINT, G_TYPE_UINT);
}

static void
assay_row_list_init (AssayRowList *self)
{
  self->filter = assay_application_filter_new ();
  self->status = ASSAY_FILTER_ANY_STATUS;
  self->ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->rows = g_hash_table_new (g_int64_hash, g_int64_equal);
  self->loads = g_cancellable_new ();
  self->hold_back = TRUE;
}

static AssayRowList *
new_list (AssayStore *store,
          AssayRowKind    kind)
{
  AssayRowList *self = g_object_new (ASSAY_TYPE_ROW_LIST, NULL);

  self->store = g_object_ref (store);
  self->kind = kind;
  g_signal_connect (store, "changed", G_CALLBACK (store_changed), self);
  start_query (self);
  return self;
}

AssayRowList *
assay_row_list_new_applications (AssayStore *store)
{
  g_return_val_if_fail (ASSAY_IS_STORE (store), NULL);
  return new_list (store, ASSAY_ROW_APPLICATION);
}

AssayRowList *
assay_row_list_new_invitations (AssayStore *store)
{
  g_return_val_if_fail (ASSAY_IS_STORE (store), NULL);
  return new_list (store, ASSAY_ROW_INVITATION);
}

void
assay_row_list_set_application_filter (AssayRowList                 *self,
                                       const AssayApplicationFilter *filter)
{
  g_return_if_fail (ASSAY_IS_ROW_LIST (self) && self->kind == ASSAY_ROW_APPLICATION);

  assay_application_filter_free (self->filter);
  self->filter = filter != NULL ? assay_application_filter_copy (filter) : assay_application_filter_new ();
  start_query (self);
}

void
assay_row_list_set_invitation_status (AssayRowList *self,
                                      int           status)
{
  g_return_if_fail (ASSAY_IS_ROW_LIST (self) && self->kind == ASSAY_ROW_INVITATION);
  g_return_if_fail (status < ASSAY_N_INVITATION_STATUSES);

  self->status = status;
  start_query (self);
}

void
assay_row_list_set_batch (AssayRowList *self,
                          gint64        batch_id)
{
  g_return_if_fail (ASSAY_IS_ROW_LIST (self) && self->kind == ASSAY_ROW_INVITATION);

  self->batch_id = batch_id;
  start_query (self);
}

void
assay_row_list_await_first (AssayRowList *self,
                            guint         n_rows)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayRowScanResult) result = NULL;
  AssayRowScan *scan;

  g_return_if_fail (ASSAY_IS_ROW_LIST (self));

  if (!self->loading)
    return;

  scan = make_scan (self, TRUE);
  scan->limit = CLAMP (n_rows, 1, scan->limit);
  result = assay_store_read (self->store, assay_row_scan_run, scan, &error);
  take_result (self, scan, result, error);
  assay_row_scan_free (scan);
}

gboolean
assay_row_list_get_loading (AssayRowList *self)
{
  g_return_val_if_fail (ASSAY_IS_ROW_LIST (self), FALSE);
  return self->loading;
}

guint
assay_row_list_get_held_back (AssayRowList *self)
{
  g_return_val_if_fail (ASSAY_IS_ROW_LIST (self), 0);
  return self->held_back;
}

void
assay_row_list_show_held_back (AssayRowList *self)
{
  g_autoptr (GArray) splices = NULL;

  g_return_if_fail (ASSAY_IS_ROW_LIST (self));

  /* Not in the middle of other steps. */
  self->show_wanted = self->old_ids != NULL;
  if (self->show_wanted || self->all == NULL)
    return;

  splices = assay_row_diff ((const gint64 *) self->ids->data, self->ids->len, (const gint64 *) self->all->data,
                            self->all->len);
  show_ids (self, g_steal_pointer (&self->all), splices);
  set_held_back (self, 0);
}

gboolean
assay_row_list_is_complete (AssayRowList *self)
{
  g_return_val_if_fail (ASSAY_IS_ROW_LIST (self), FALSE);
  return self->complete;
}

gint64
assay_row_list_get_id (AssayRowList *self,
                       guint         position)
{
  g_return_val_if_fail (ASSAY_IS_ROW_LIST (self), 0);
  g_return_val_if_fail (position < get_length (self), 0);
  return get_id (self, position);
}

guint
assay_row_list_find_between (AssayRowList *self,
                             gint64        id,
                             guint         start,
                             guint         end)
{
  g_return_val_if_fail (ASSAY_IS_ROW_LIST (self), G_MAXUINT);

  end = MIN (end, get_length (self));
  for (guint i = start; i < end; i++)
    if (get_id (self, i) == id)
      return i;
  return G_MAXUINT;
}

guint
assay_row_list_find (AssayRowList *self,
                     gint64        id)
{
  return assay_row_list_find_between (self, id, 0, G_MAXUINT);
}
