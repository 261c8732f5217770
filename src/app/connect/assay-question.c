/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A message dialog that every key closes which closes a window. */
#include "config.h"

#include "assay-question.h"

AdwMessageDialog *
assay_question_new (GtkWindow  *parent,
                    const char *heading,
                    const char *body)
{
  GtkWidget *dialog = adw_message_dialog_new (parent, heading, body);
  GtkEventController *keys = gtk_shortcut_controller_new ();
  static const char *const triggers[] = { "<Control>w", "Escape" };

  /* What the program says for all its windows doesn't reach a message dialog. */
  for (guint i = 0; i < G_N_ELEMENTS (triggers); i++)
    gtk_shortcut_controller_add_shortcut (GTK_SHORTCUT_CONTROLLER (keys),
                                          gtk_shortcut_new (gtk_shortcut_trigger_parse_string (triggers[i]),
                                                            gtk_named_action_new ("window.close")));
  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  gtk_widget_add_controller (dialog, keys);
  /* For the list of windows; the dialog itself shows its heading. */
  gtk_window_set_title (GTK_WINDOW (dialog), heading);
  return ADW_MESSAGE_DIALOG (dialog);
}
