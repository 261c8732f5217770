/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How far a batch is.
 *
 * It is read from the store after each change, four times a second at most, and once a second while it counts down or
 * estimates; the list beneath is a window on the batch's invitations like any other. */
#include "config.h"

#include "assay-batch-page.h"

#include <glib/gi18n.h>

#include "assay-accessible.h"
#include "assay-batch-row.h"
#include "assay-batch-words.h"
#include "assay-format.h"
#include "assay-list-widgets.h"
#include "assay-notice.h"
#include "assay-row-list.h"
#include "assay-state-page.h"
#include "assay-verdict-list.h"
#include "assay-verdict-row.h"

#define READ_INTERVAL_MILLISECONDS 250
/* A pointer that hasn't moved for so long isn't about to click. */
#define POINTER_REST_MILLISECONDS 1500

struct _AssayBatchPage
{
  AdwBin parent_instance;

  AssayService *service;
  gint64 batch_id;
  AssayBatch *batch;            /* (nullable) until it was read */
  guint n_aside;                /* whom the list of those set aside shows */
  AssayRowList *rows;
  AssayVerdictList *aside;
  GCancellable *cancellable;
  gboolean reading;
  guint read_id;
  guint tick_id;
  gint64 read_at;               /* monotonic, microseconds */
  gboolean folded;
  gboolean working;             /* something was asked for, and isn't answered yet */
  gboolean wants_top;           /* who failed comes first, and is to be seen as soon as nobody is at work in the list */
  guint top_id;
  double pointer_x;             /* where over the list the pointer was seen last */
  double pointer_y;
  gint64 pointer_moved_at;      /* monotonic, microseconds */
  gboolean wants_focus;         /* the keyboard is to come here once there is something to focus */

  GtkButton *back_button;
  GtkStack *stack;
  AssayStatePage *failed_page;
  GtkWidget *head;
  GtkLabel *title_label;
  GtkLabel *subtitle_label;
  GtkLabel *progress_label;
  GtkLabel *pace_label;
  GtkProgressBar *progress_bar;
  GtkWidget *buttons;
  GtkStack *pause_stack;
  GtkWidget *pause_button;
  GtkWidget *resume_button;
  GtkStack *cancel_stack;
  GtkWidget *undo_button;
  GtkWidget *cancel_button;
  AssayNotice *notice;
  GtkWidget *rest;
  GtkLabel *rest_label;
  GtkWidget *retry_button;
  GtkWidget *tabs;
  GtkToggleButton *people_tab;
  GtkToggleButton *aside_tab;
  GtkStack *list_stack;
  GtkListView *list;
  GtkListView *aside_list;
};

enum
{
  PROP_FOLDED = 1,
};

static guint activated_signal;

G_DEFINE_FINAL_TYPE (AssayBatchPage, assay_batch_page, ADW_TYPE_BIN)

static void read_soon (AssayBatchPage *self);
static void top_cb (gpointer user_data);

/* ---- What is shown ---- */

static void
update_tick (AssayBatchPage *self);

static gboolean
can_undo (const AssayBatch *batch)
{
  return assay_batch_is_active (batch) && !batch->paused && batch->due_at > assay_time_now () &&
         batch->sent + batch->failed + batch->unsure + batch->sending == 0;
}

/* What has the keyboard, if it is one of the buttons. */
static GtkWidget *
get_focused_button (AssayBatchPage *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;

  if (focus != NULL && (focus == self->retry_button || gtk_widget_is_ancestor (focus, self->buttons)))
    return focus;
  return NULL;
}

/* To a button that does no harm, or else to the head: in the list it would come to one by which somebody is decided
 * about, or sent to again. */
static void
take_focus (AssayBatchPage *self)
{
  if (gtk_widget_get_visible (self->buttons))
    gtk_widget_grab_focus (gtk_stack_get_visible_child (self->cancel_stack) == self->undo_button
                             ? self->undo_button : gtk_stack_get_visible_child (self->pause_stack));
  else
    gtk_widget_grab_focus (self->head);
}

/* What is in the place of the button that had the keyboard and is gone has it now. */
static void
follow_focus (AssayBatchPage *self, GtkWidget *focused)
{
  GtkWidget *place = gtk_widget_get_parent (focused);

  if (gtk_widget_get_mapped (focused))
    return;
  if (!GTK_IS_STACK (place) || !gtk_widget_get_mapped (place) ||
      !gtk_widget_grab_focus (gtk_stack_get_visible_child (GTK_STACK (place))))
    take_focus (self);
}

static void
update (AssayBatchPage *self)
{
  const AssayBatch *batch = self->batch;
  GtkWidget *focused = get_focused_button (self);
  g_autofree char *subtitle = NULL;
  g_autofree char *progress = NULL;
  g_autofree char *pace = NULL;
  g_autofree char *rest = NULL;
  g_autofree char *when = NULL;
  gboolean active, undo;

  if (batch == NULL)
    return;

  active = assay_batch_is_active (batch);
  undo = can_undo (batch);
  when = assay_format_clock_time (batch->created_at);
  if (g_strcmp0 (batch->title, batch->assessment_name) == 0)
    /* Translators: %s are a provider's name and a time */
    subtitle = g_strdup_printf (_("%s · %s"), batch->connection_name, when);
  else
    /* Translators: %s are a provider's name, where the people are from, and a time */
    subtitle = g_strdup_printf (_("%s · %s · %s"), batch->connection_name, batch->title, when);
  progress = assay_batch_words_dup_progress (batch);
  pace = assay_batch_words_dup_pace (batch, assay_service_get_offline (self->service));
  rest = assay_batch_words_dup_rest (batch);

  gtk_label_set_label (self->title_label, batch->assessment_name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->head), GTK_ACCESSIBLE_PROPERTY_LABEL, batch->assessment_name, -1);
  gtk_label_set_label (self->subtitle_label, subtitle);
  gtk_label_set_label (self->progress_label, progress);
  gtk_label_set_label (self->pace_label, pace);
  gtk_progress_bar_set_fraction (self->progress_bar, assay_batch_words_get_fraction (batch));
  gtk_label_set_label (self->rest_label, rest != NULL ? rest : "");
  gtk_widget_set_visible (self->rest, rest != NULL);
  if (active && !batch->paused && batch->obstacle != NULL)
    assay_notice_say (self->notice, ASSAY_NOTICE_WARNING, batch->obstacle, NULL);
  else
    assay_notice_clear (self->notice);

  gtk_stack_set_visible_child (self->pause_stack, batch->paused ? self->resume_button : self->pause_button);
  gtk_stack_set_visible_child (self->cancel_stack, undo ? self->undo_button : self->cancel_button);
  gtk_widget_set_visible (self->buttons, active);
  gtk_widget_set_visible (self->retry_button, batch->failed > 0);
  if (focused != NULL)
    follow_focus (self, focused);

  gtk_widget_set_visible (self->tabs, batch->set_aside > 0);
  if (batch->set_aside == 0)
    gtk_toggle_button_set_active (self->people_tab, TRUE);
}

static gboolean
tick_cb (gpointer user_data)
{
  AssayBatchPage *self = user_data;

  update (self);
  read_soon (self);
  return G_SOURCE_CONTINUE;
}

static void
update_tick (AssayBatchPage *self)
{
  gboolean ticks = self->batch != NULL && gtk_widget_get_mapped (GTK_WIDGET (self)) &&
                   assay_batch_is_active (self->batch) && !self->batch->paused;

  if (ticks && self->tick_id == 0)
    self->tick_id = g_timeout_add_seconds (1, tick_cb, self);
  else if (!ticks)
    g_clear_handle_id (&self->tick_id, g_source_remove);
}

static void
tab_toggled_cb (AssayBatchPage *self)
{
  gtk_stack_set_visible_child_name (self->list_stack,
                                    gtk_toggle_button_get_active (self->people_tab) ? "people" : "aside");
}

/* ---- Reading ---- */

typedef struct
{
  gint64 id;
  guint n_aside;
} Question;

typedef struct
{
  AssayBatch *batch;
  GPtrArray *aside;   /* (nullable): as many as before */
} Answer;

static void
answer_free (gpointer data)
{
  Answer *answer = data;

  g_clear_pointer (&answer->batch, assay_batch_free);
  g_clear_pointer (&answer->aside, g_ptr_array_unref);
  g_free (answer);
}

static gpointer
read_batch (AssayDatabase *database, gpointer data, GError **error)
{
  const Question *question = data;
  Answer *answer = g_new0 (Answer, 1);

  answer->batch = assay_batches_get (database, question->id, error);
  if (answer->batch != NULL && answer->batch->set_aside == question->n_aside)
    return answer;
  if (answer->batch != NULL)
    answer->aside = assay_batches_list_set_aside (database, question->id, error);
  if (answer->aside != NULL)
    return answer;
  answer_free (answer);
  return NULL;
}

static void
read_batch_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  Answer *answer = assay_store_finish (ASSAY_STORE (object), result, &error);
  AssayBatchPage *self;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  self = user_data;
  self->reading = FALSE;
  self->read_at = g_get_monotonic_time ();
  g_clear_pointer (&self->batch, assay_batch_free);
  if (answer == NULL)
    {
      if (g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND))
        {
          assay_state_page_set_error (self->failed_page, NULL);
          assay_state_page_set_text (self->failed_page, _("This Batch Was Taken Back"),
                                     _("Nothing of it has left, and nothing of it is left."));
        }
      else
        assay_state_page_set_error (self->failed_page, error);
      gtk_stack_set_visible_child_name (self->stack, "failed");
      update_tick (self);
      return;
    }

  self->batch = g_steal_pointer (&answer->batch);
  if (answer->aside != NULL)
    {
      self->n_aside = self->batch->set_aside;
      assay_verdict_list_set (self->aside, answer->aside, FALSE);
    }
  answer_free (answer);
  update (self);
  update_tick (self);
  gtk_stack_set_visible_child_name (self->stack, "content");
  if (self->wants_focus)
    take_focus (self);
  self->wants_focus = FALSE;
}

static void
read_now (gpointer user_data)
{
  AssayBatchPage *self = user_data;
  Question *question;

  self->read_id = 0;
  if (self->batch_id == 0)
    return;
  if (self->reading)
    {
      read_soon (self);
      return;
    }
  question = g_new0 (Question, 1);
  question->id = self->batch_id;
  question->n_aside = self->n_aside;
  self->reading = TRUE;
  assay_store_read_async (assay_service_get_store (self->service), read_batch, question, g_free, answer_free,
                          self->cancellable, read_batch_cb, self);
}

static void
read_soon (AssayBatchPage *self)
{
  gint64 since = (g_get_monotonic_time () - self->read_at) / 1000;

  if (self->read_id == 0 && self->batch_id != 0 && gtk_widget_get_mapped (GTK_WIDGET (self)))
    self->read_id = g_timeout_add_once ((guint) CLAMP (READ_INTERVAL_MILLISECONDS - since, 0,
                                                       READ_INTERVAL_MILLISECONDS),
                                        read_now, self);
}

static void
store_changed_cb (AssayBatchPage *self, const AssayChanges *changes)
{
  if (assay_changes_has_kind (changes, ASSAY_CHANGE_BATCHES | ASSAY_CHANGE_OUTBOX | ASSAY_CHANGE_INVITATIONS |
                                         ASSAY_CHANGE_CONNECTIONS))
    read_soon (self);
}

void
assay_batch_page_show (AssayBatchPage *self, gint64 batch_id)
{
  g_return_if_fail (ASSAY_IS_BATCH_PAGE (self));

  if (self->batch_id == batch_id)
    return;

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  g_clear_handle_id (&self->read_id, g_source_remove);
  g_clear_pointer (&self->batch, assay_batch_free);
  self->reading = FALSE;
  self->working = FALSE;
  self->wants_focus = FALSE;
  self->n_aside = 0;
  self->batch_id = batch_id;
  assay_verdict_list_set (self->aside, NULL, FALSE);
  gtk_toggle_button_set_active (self->people_tab, TRUE);
  gtk_stack_set_visible_child_name (self->stack, "blank");
  update_tick (self);
  if (batch_id == 0)
    return;
  self->wants_top = TRUE;
  assay_row_list_set_batch (self->rows, batch_id);
  read_now (self);
}

gint64
assay_batch_page_get_batch (AssayBatchPage *self)
{
  g_return_val_if_fail (ASSAY_IS_BATCH_PAGE (self), 0);

  return self->batch_id;
}

/* ---- What can be done ---- */

static void
say_error (AssayBatchPage *self, const GError *error)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "win.message", "s", error->message);
}

typedef gboolean (*Finish) (AssayService *service, GAsyncResult *result, GError **error);

static void
done_with (AssayBatchPage *self, GObject *service, GAsyncResult *result, Finish finish)
{
  g_autoptr (GError) error = NULL;

  if (!finish (ASSAY_SERVICE (service), result, &error))
    say_error (self, error);
  self->working = FALSE;
  read_soon (self);
}

/* Whether nothing is under way; what is pressed twice is meant once. */
static gboolean
begin_work (AssayBatchPage *self)
{
  if (self->working)
    return FALSE;
  self->working = TRUE;
  return TRUE;
}

static void
pause_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AssayBatchPage) self = user_data;

  done_with (self, object, result, assay_service_pause_batch_finish);
}

static void
resume_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AssayBatchPage) self = user_data;

  done_with (self, object, result, assay_service_resume_batch_finish);
}

static void
retry_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AssayBatchPage) self = user_data;

  done_with (self, object, result, assay_service_retry_batch_failures_finish);
}

static void
cancel_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AssayBatchPage) self = user_data;

  done_with (self, object, result, assay_service_cancel_batch_finish);
}

static void
pause_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  AssayBatchPage *self = ASSAY_BATCH_PAGE (widget);

  if (!begin_work (self))
    return;
  assay_service_pause_batch_async (self->service, self->batch_id, NULL, pause_cb, g_object_ref (self));
}

static void
resume_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  AssayBatchPage *self = ASSAY_BATCH_PAGE (widget);

  if (!begin_work (self))
    return;
  assay_service_resume_batch_async (self->service, self->batch_id, NULL, resume_cb, g_object_ref (self));
}

static void
retry_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  AssayBatchPage *self = ASSAY_BATCH_PAGE (widget);

  if (!begin_work (self))
    return;
  assay_service_retry_batch_failures_async (self->service, self->batch_id, NULL, retry_cb, g_object_ref (self));
}

static void
undo_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  AssayBatchPage *self = ASSAY_BATCH_PAGE (widget);

  gtk_widget_activate_action (widget, "win.undo-batch", "x", self->batch_id);
}

static void
cancel_response_cb (AssayBatchPage *self, const char *response)
{
  if (!g_str_equal (response, "cancel-rest") || !begin_work (self))
    return;
  assay_service_cancel_batch_async (self->service, self->batch_id, NULL, cancel_cb, g_object_ref (self));
}

static void
cancel_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  AssayBatchPage *self = ASSAY_BATCH_PAGE (widget);
  guint left = self->batch != NULL ? self->batch->preparing + self->batch->waiting : 0;
  g_autofree char *number = assay_format_count (left);
  g_autofree char *heading = NULL;
  GtkWidget *dialog;

  /* Translators: %s is a number */
  heading = g_strdup_printf (ngettext ("Cancel %s Invitation?", "Cancel %s Invitations?", left), number);
  dialog = adw_message_dialog_new (GTK_WINDOW (gtk_widget_get_root (widget)), heading,
                                   _("They haven’t left yet, and never will. Whoever was invited already stays invited."));
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "keep", _("_Keep Them"), "cancel-rest",
                                    _("_Cancel the Rest"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "cancel-rest", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "keep");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "keep");
  g_signal_connect_object (dialog, "response", G_CALLBACK (cancel_response_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

/* ---- The lists ---- */

/* Who is opened takes the page's place. That has to wait until the click is over: in a list that is hidden meanwhile GTK
 * 4.8 loses the next key. */
typedef struct
{
  AssayBatchPage *page;
  gint64 application_id;
  gint64 invitation_id;
} Activation;

static void
activated_cb (gpointer user_data)
{
  g_autofree Activation *activation = user_data;
  g_autoptr (AssayBatchPage) self = activation->page;

  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    g_signal_emit (self, activated_signal, 0, activation->application_id, activation->invitation_id);
}

static void
list_activate_cb (AssayBatchPage *self, guint position)
{
  g_autoptr (AssayRow) row = g_list_model_get_item (G_LIST_MODEL (self->rows), position);
  const AssayInvitation *invitation = row != NULL ? assay_row_get_invitation (row) : NULL;
  Activation *activation;

  if (invitation == NULL)
    return;
  activation = g_new0 (Activation, 1);
  activation->page = g_object_ref (self);
  activation->application_id = invitation->application_id;
  activation->invitation_id = invitation->id;
  g_idle_add_once (activated_cb, activation);
}

/* GtkListView follows the row that was at the top down the list, and whoever failed would stay out of sight above it. */
static void
show_top (AssayBatchPage *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;
  gint64 rested = (g_get_monotonic_time () - self->pointer_moved_at) / 1000;

  g_clear_handle_id (&self->top_id, g_source_remove);
  if (!self->wants_top || g_list_model_get_n_items (G_LIST_MODEL (self->rows)) == 0)
    return;
  /* Nothing moves from under a pointer, or a key. */
  if (focus != NULL && gtk_widget_is_ancestor (focus, GTK_WIDGET (self->list)))
    return;
  if (rested < POINTER_REST_MILLISECONDS)
    {
      self->top_id = g_timeout_add_once ((guint) (POINTER_REST_MILLISECONDS - rested), top_cb, self);
      return;
    }
  self->wants_top = FALSE;
  gtk_widget_activate_action (GTK_WIDGET (self->list), "list.scroll-to-item", "u", 0);
}

static void
top_cb (gpointer user_data)
{
  AssayBatchPage *self = user_data;

  self->top_id = 0;
  show_top (self);
}

/* GTK tells of a pointer that rests too, when rows move beneath it. */
static void
motion_cb (AssayBatchPage *self, double x, double y)
{
  if (x == self->pointer_x && y == self->pointer_y)
    return;
  self->pointer_x = x;
  self->pointer_y = y;
  self->pointer_moved_at = g_get_monotonic_time ();
}

static void
items_changed_cb (AssayBatchPage *self, guint position, guint removed, guint added)
{
  if (position == 0 && added > 0 &&
      gtk_adjustment_get_value (gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (self->list))) < 1)
    self->wants_top = TRUE;
  show_top (self);
}

static gboolean
scroll_cb (AssayBatchPage *self)
{
  /* Whoever scrolls decides what is seen. */
  self->wants_top = FALSE;
  return GDK_EVENT_PROPAGATE;
}

static void
follow_pointer (AssayBatchPage *self)
{
  GtkEventController *motion = gtk_event_controller_motion_new ();
  GtkEventController *scroll = gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_VERTICAL);

  g_signal_connect_swapped (motion, "motion", G_CALLBACK (motion_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self->list), motion);
  gtk_event_controller_set_propagation_phase (scroll, GTK_PHASE_CAPTURE);
  g_signal_connect_swapped (scroll, "scroll", G_CALLBACK (scroll_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self->list), scroll);
}

static void
setup_cb (AssayBatchPage *self, GtkListItem *item)
{
  gtk_list_item_set_child (item, assay_batch_row_new (self->service));
}

static void
bind_cb (AssayBatchPage *self, GtkListItem *item)
{
  assay_batch_row_set_row (ASSAY_BATCH_ROW (gtk_list_item_get_child (item)), gtk_list_item_get_item (item));
}

static void
unbind_cb (AssayBatchPage *self, GtkListItem *item)
{
  assay_batch_row_set_row (ASSAY_BATCH_ROW (gtk_list_item_get_child (item)), NULL);
}

static void
aside_setup_cb (AssayBatchPage *self, GtkListItem *item)
{
  GtkWidget *row = assay_verdict_row_new ();

  assay_verdict_row_set_read_only (ASSAY_VERDICT_ROW (row), TRUE);
  gtk_list_item_set_activatable (item, FALSE);
  gtk_list_item_set_child (item, row);
}

static void
aside_bind_cb (AssayBatchPage *self, GtkListItem *item)
{
  assay_verdict_row_set (ASSAY_VERDICT_ROW (gtk_list_item_get_child (item)),
                         assay_verdict_item_get (gtk_list_item_get_item (item)), FALSE, FALSE);
}

static void
set_up_list (AssayBatchPage *self, GtkListView *list, GListModel *model, const char *label, GCallback setup,
             GCallback bind, GCallback unbind)
{
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();
  g_autoptr (GtkNoSelection) selection = gtk_no_selection_new (g_object_ref (model));

  g_signal_connect_object (factory, "setup", setup, self, G_CONNECT_SWAPPED);
  g_signal_connect_object (factory, "bind", bind, self, G_CONNECT_SWAPPED);
  if (unbind != NULL)
    g_signal_connect_object (factory, "unbind", unbind, self, G_CONNECT_SWAPPED);
  assay_list_widgets_follow (factory, model);
  gtk_list_view_set_factory (list, factory);
  gtk_list_view_set_model (list, GTK_SELECTION_MODEL (selection));
  gtk_accessible_update_property (GTK_ACCESSIBLE (list), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
}

/* ---- The object ---- */

static void
assay_batch_page_map (GtkWidget *widget)
{
  AssayBatchPage *self = ASSAY_BATCH_PAGE (widget);

  GTK_WIDGET_CLASS (assay_batch_page_parent_class)->map (widget);
  read_soon (self);
  update_tick (self);
}

static void
assay_batch_page_unmap (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (assay_batch_page_parent_class)->unmap (widget);
  update_tick (ASSAY_BATCH_PAGE (widget));
}

static gboolean
assay_batch_page_grab_focus (GtkWidget *widget)
{
  AssayBatchPage *self = ASSAY_BATCH_PAGE (widget);

  if (self->batch != NULL)
    take_focus (self);
  else
    self->wants_focus = TRUE;
  return TRUE;
}

static void
assay_batch_page_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  switch (id)
    {
    case PROP_FOLDED:
      g_value_set_boolean (value, ASSAY_BATCH_PAGE (object)->folded);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
assay_batch_page_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  AssayBatchPage *self = ASSAY_BATCH_PAGE (object);

  switch (id)
    {
    case PROP_FOLDED:
      self->folded = g_value_get_boolean (value);
      gtk_widget_set_visible (GTK_WIDGET (self->back_button), self->folded);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
assay_batch_page_dispose (GObject *object)
{
  AssayBatchPage *self = ASSAY_BATCH_PAGE (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_handle_id (&self->read_id, g_source_remove);
  g_clear_handle_id (&self->tick_id, g_source_remove);
  g_clear_handle_id (&self->top_id, g_source_remove);
  if (self->list != NULL)
    gtk_list_view_set_model (self->list, NULL);
  if (self->aside_list != NULL)
    gtk_list_view_set_model (self->aside_list, NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), ASSAY_TYPE_BATCH_PAGE);
  g_clear_object (&self->rows);
  g_clear_object (&self->aside);
  g_clear_object (&self->service);

  G_OBJECT_CLASS (assay_batch_page_parent_class)->dispose (object);
}

static void
assay_batch_page_finalize (GObject *object)
{
  g_clear_pointer (&ASSAY_BATCH_PAGE (object)->batch, assay_batch_free);

  G_OBJECT_CLASS (assay_batch_page_parent_class)->finalize (object);
}

static void
assay_batch_page_class_init (AssayBatchPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = assay_batch_page_get_property;
  object_class->set_property = assay_batch_page_set_property;
  object_class->dispose = assay_batch_page_dispose;
  object_class->finalize = assay_batch_page_finalize;
  widget_class->map = assay_batch_page_map;
  widget_class->unmap = assay_batch_page_unmap;
  widget_class->grab_focus = assay_batch_page_grab_focus;

  g_object_class_install_property (object_class, PROP_FOLDED,
                                   g_param_spec_boolean ("folded", NULL, NULL, FALSE,
                                                         G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS));
  activated_signal = g_signal_new ("activated", ASSAY_TYPE_BATCH_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 2, G_TYPE_INT64, G_TYPE_INT64);

  gtk_widget_class_install_action (widget_class, "batch.pause", NULL, pause_action);
  gtk_widget_class_install_action (widget_class, "batch.resume", NULL, resume_action);
  gtk_widget_class_install_action (widget_class, "batch.retry", NULL, retry_action);
  gtk_widget_class_install_action (widget_class, "batch.undo", NULL, undo_action);
  gtk_widget_class_install_action (widget_class, "batch.cancel", NULL, cancel_action);

  g_type_ensure (ASSAY_TYPE_NOTICE);
  g_type_ensure (ASSAY_TYPE_STATE_PAGE);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/assayapp/Assay/assay-batch-page.ui");
  gtk_widget_class_bind_template_child (widget_class, AssayBatchPage, back_button);
  gtk_widget_class_bind_template_child (widget_class, AssayBatchPage, stack);
  gtk_widget_class_bind_template_child (widget_class, AssayBatchPage, failed_page);
  gtk_widget_class_bind_template_child (widget_class, AssayBatchPage, head);
  gtk_widget_class_bind_template_child (widget_class, AssayBatchPage, title_label);
  gtk_widget_class_bind_template_child (widget_class, AssayBatchPage, subtitle_label);
  gtk_widget_class_bind_template_child (widget_class, AssayBatchPage, progress_label);
  gtk_widget_class_bind_template_child (widget_class, AssayBatchPage, pace_label);
  gtk_widget_class_bind_template_child (widget_class, AssayBatchPage, progress_bar);
  gtk_widget_class_bind_template_child (widget_class, AssayBatchPage, notice);
  gtk_widget_class_bind_template_child (widget_class, AssayBatchPage, buttons);
  gtk_widget_class_bind_template_child (widget_class, AssayBatchPage, pause_stack);
  gtk_widget_class_bind_template_child (widget_class, AssayBatchPage, cancel_stack);
  gtk_widget_class_bind_template_child (widget_class, AssayBatchPage, rest);
  gtk_widget_class_bind_template_child (widget_class, AssayBatchPage, rest_label);
  gtk_widget_class_bind_template_child (widget_class, AssayBatchPage, undo_button);
  gtk_widget_class_bind_template_child (widget_class, AssayBatchPage, pause_button);
  gtk_widget_class_bind_template_child (widget_class, AssayBatchPage, resume_button);
  gtk_widget_class_bind_template_child (widget_class, AssayBatchPage, retry_button);
  gtk_widget_class_bind_template_child (widget_class, AssayBatchPage, cancel_button);
  gtk_widget_class_bind_template_child (widget_class, AssayBatchPage, tabs);
  gtk_widget_class_bind_template_child (widget_class, AssayBatchPage, people_tab);
  gtk_widget_class_bind_template_child (widget_class, AssayBatchPage, aside_tab);
  gtk_widget_class_bind_template_child (widget_class, AssayBatchPage, list_stack);
  gtk_widget_class_bind_template_child (widget_class, AssayBatchPage, list);
  gtk_widget_class_bind_template_child (widget_class, AssayBatchPage, aside_list);
  gtk_widget_class_bind_template_callback (widget_class, tab_toggled_cb);
  gtk_widget_class_bind_template_callback (widget_class, list_activate_cb);
}

static void
assay_batch_page_init (AssayBatchPage *self)
{
  self->cancellable = g_cancellable_new ();
  self->aside = assay_verdict_list_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  assay_accessible_follow (GTK_WIDGET (self->stack));
  assay_accessible_follow (GTK_WIDGET (self->list_stack));
  assay_accessible_follow (GTK_WIDGET (self->pause_stack));
  assay_accessible_follow (GTK_WIDGET (self->cancel_stack));
}

AssayBatchPage *
assay_batch_page_new (AssayService *service)
{
  AssayBatchPage *self;
  AssayStore *store;

  g_return_val_if_fail (ASSAY_IS_SERVICE (service), NULL);

  self = g_object_new (ASSAY_TYPE_BATCH_PAGE, NULL);
  self->service = g_object_ref (service);
  store = assay_service_get_store (service);
  self->rows = assay_row_list_new_invitations (store);
  /* They are put into the outbox while one looks, and all belong here. */
  g_object_set (self->rows, "hold-back", FALSE, NULL);
  set_up_list (self, self->list, G_LIST_MODEL (self->rows), _("Invited People"), G_CALLBACK (setup_cb),
               G_CALLBACK (bind_cb), G_CALLBACK (unbind_cb));
  set_up_list (self, self->aside_list, G_LIST_MODEL (self->aside), _("People Set Aside"),
               G_CALLBACK (aside_setup_cb), G_CALLBACK (aside_bind_cb), NULL);
  g_signal_connect_object (self->rows, "items-changed", G_CALLBACK (items_changed_cb), self, G_CONNECT_SWAPPED);
  follow_pointer (self);
  g_signal_connect_object (store, "changed", G_CALLBACK (store_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (service, "notify::offline", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  return self;
}
