/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Asking for a file.
 *
 * GTK keeps no reference to a native dialog, and a window that goes tells it nothing. */
#include "config.h"

#include "assay-chooser.h"

typedef struct
{
  AssayChosen chosen;
  gpointer user_data;
  GDestroyNotify destroy;   /* (nullable) */
} Question;

static void
question_free (gpointer  data,
               GClosure *closure)
{
  Question *question = data;

  if (question->destroy != NULL)
    question->destroy (question->user_data);
  g_free (question);
}

static void
response_cb (GtkNativeDialog *chooser,
             int              response,
             Question        *question)
{
  g_autoptr (GFile) file = NULL;

  if (response == GTK_RESPONSE_ACCEPT)
    file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser));
  if (file != NULL)
    question->chosen (file, question->user_data);
  g_object_unref (chooser);
}

void
assay_chooser_show (GtkFileChooserNative *chooser,
                    AssayChosen           chosen,
                    gpointer              user_data,
                    GDestroyNotify        destroy)
{
  GtkWindow *window;
  Question *question;

  g_return_if_fail (GTK_IS_FILE_CHOOSER_NATIVE (chooser));
  g_return_if_fail (chosen != NULL);

  window = gtk_native_dialog_get_transient_for (GTK_NATIVE_DIALOG (chooser));
  g_return_if_fail (window != NULL);

  question = g_new0 (Question, 1);
  question->chosen = chosen;
  question->user_data = user_data;
  question->destroy = destroy;
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (chooser), TRUE);
  g_signal_connect_data (chooser, "response", G_CALLBACK (response_cb), question, question_free, G_CONNECT_DEFAULT);
  g_signal_connect_object (window, "destroy", G_CALLBACK (g_object_unref), chooser, G_CONNECT_SWAPPED);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}
