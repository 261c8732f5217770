/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whose turn it is among the channels of one account. */
#include "config.h"

#include "assay-http-pacer.h"

/* After so many that went before it, one background request has its turn. */
#define FAIR_SHARE 40u
/* How long after others it leaves them what the bucket holds: as long as these many take, in microseconds. */
#define QUIET_TOKENS 4.0
#define QUIET_LEAST G_USEC_PER_SEC
#define QUIET_MOST (10 * G_USEC_PER_SEC)

struct _AssayHttpPacer
{
  GObject parent_instance;

  GMainContext *context;
  AssayHttpBucket bucket;
  GPtrArray *channels;   /* of AssayHttpChannel, not owned */
  guint next;            /* which of them is asked first */
  gint64 interactive_at; /* when what isn't background was started last, 0: never */
  guint favoured;        /* how many of them were started while a background one waited */
  GSource *timer;        /* until the bucket lets the next one go */
};

G_DEFINE_FINAL_TYPE (AssayHttpPacer, assay_http_pacer, G_TYPE_OBJECT)

static void
clear_timer (AssayHttpPacer *self)
{
  if (self->timer == NULL)
    return;
  g_source_destroy (self->timer);
  g_clear_pointer (&self->timer, g_source_unref);
}

static void
assay_http_pacer_finalize (GObject *object)
{
  AssayHttpPacer *self = ASSAY_HTTP_PACER (object);

  clear_timer (self);
  g_ptr_array_unref (self->channels);
  g_main_context_unref (self->context);

  G_OBJECT_CLASS (assay_http_pacer_parent_class)->finalize (object);
}

static void
assay_http_pacer_class_init (AssayHttpPacerClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = assay_http_pacer_finalize;
}

static void
assay_http_pacer_init (AssayHttpPacer *self)
{
  self->context = g_main_context_ref_thread_default ();
  self->channels = g_ptr_array_new ();
}

AssayHttpPacer *
assay_http_pacer_new (const AssayHttpPace *pace)
{
  AssayHttpPacer *self = g_object_new (ASSAY_TYPE_HTTP_PACER, NULL);

  assay_http_bucket_init (&self->bucket, pace, g_get_monotonic_time ());
  return self;
}

GMainContext *
assay_http_pacer_get_context (AssayHttpPacer *self)
{
  return self->context;
}

AssayHttpBucket *
assay_http_pacer_get_bucket (AssayHttpPacer *self)
{
  return &self->bucket;
}

void
assay_http_pacer_add (AssayHttpPacer   *self,
                      AssayHttpChannel *channel)
{
  g_ptr_array_add (self->channels, channel);
}

void
assay_http_pacer_remove (AssayHttpPacer   *self,
                         AssayHttpChannel *channel)
{
  g_ptr_array_remove (self->channels, channel);
}

GPtrArray *
assay_http_pacer_list (AssayHttpPacer *self)
{
  GPtrArray *channels = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < self->channels->len; i++)
    g_ptr_array_add (channels, g_object_ref (g_ptr_array_index (self->channels, i)));
  return channels;
}

static gboolean
timer_cb (gpointer user_data)
{
  AssayHttpPacer *self = user_data;

  clear_timer (self);
  assay_http_pacer_dispatch (self);
  return G_SOURCE_REMOVE;
}

static void
wait_for (AssayHttpPacer *self,
          gint64          microseconds)
{
  clear_timer (self);
  self->timer = g_timeout_source_new ((guint) MIN ((microseconds + 999) / 1000, G_MAXINT));
  g_source_set_static_name (self->timer, "[assay] pace");
  g_source_set_callback (self->timer, timer_cb, self, NULL);
  g_source_attach (self->timer, self->context);
}

/* The next channel that has something to send; (nullable) */
static AssayHttpChannel *
find_waiting (AssayHttpPacer *self,
              gboolean        background)
{
  for (guint i = 0; i < self->channels->len; i++)
    {
      AssayHttpChannel *channel = g_ptr_array_index (self->channels, (self->next + i) % self->channels->len);

      if (assay_http_channel_can_start (channel, background))
        return channel;
    }
  return NULL;
}

/* Microseconds until a background request may start that the bucket would let start now. While others come one after the
 * other, as those of a bulk do, it leaves them the pace: the next one isn't in the queue yet, and would have to wait for
 * the token that this one takes. */
static gint64
get_quiet (AssayHttpPacer *self,
           gint64          now)
{
  gint64 quiet;

  if (self->interactive_at == 0 ||
      /* A full bucket loses what comes in; less than that is what a bulk catches up with. */
      assay_http_bucket_get_headroom (&self->bucket, now) >= MAX (self->bucket.pace.burst, 2))
    return 0;
  quiet = (gint64) (QUIET_TOKENS / self->bucket.pace.per_second * G_USEC_PER_SEC);
  return MAX (self->interactive_at + CLAMP (quiet, QUIET_LEAST, QUIET_MOST) - now, 0);
}

void
assay_http_pacer_dispatch (AssayHttpPacer *self)
{
  clear_timer (self);
  /* Starting one may end in a callback of the caller's, and that may drop the last channel. */
  g_object_ref (self);
  for (;;)
    {
      gint64 now = g_get_monotonic_time ();
      gint64 wait = assay_http_bucket_get_wait (&self->bucket, now);
      AssayHttpChannel *interactive, *background;
      gboolean is_turn_of_background;

      if (wait == ASSAY_HTTP_BUCKET_FULL)
        break;
      interactive = find_waiting (self, FALSE);
      background = find_waiting (self, TRUE);
      if (interactive == NULL && background == NULL)
        break;
      is_turn_of_background = interactive == NULL || (background != NULL && self->favoured >= FAIR_SHARE);
      if (interactive == NULL && wait == 0 && self->favoured < FAIR_SHARE)
        wait = get_quiet (self, now);
      if (wait > 0)
        {
          wait_for (self, wait);
          break;
        }

      if (is_turn_of_background)
        self->favoured = 0;
      else
        self->interactive_at = now;
      if (!is_turn_of_background && background != NULL)
        self->favoured++;
      self->next++;
      assay_http_bucket_take (&self->bucket, now);
      assay_http_channel_start_next (is_turn_of_background ? background : interactive, is_turn_of_background);
    }
  g_object_unref (self);
}
