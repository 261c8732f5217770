/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lets rows leave a list view as GTK 4.8 can follow. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * assay_list_widgets_follow:
 * @factory: a list view's factory, which nothing was bound by yet
 * @model: what the list view shows, beneath its selection: an #AssayRowList or an #AssayVerdictList
 *
 * GtkListView keeps rows without a widget in runs. Where what leaves begins within a run and ends among widgets, GTK 4.8
 * takes all of it from the run: the widgets of rows that are gone stay, and show people who aren't in the list at the places
 * of others. This answers @model's "items-leaving" so that what is before the first widget leaves by itself, and the rest
 * begins at a widget. It ends with @factory.
 */
void assay_list_widgets_follow (GtkListItemFactory *factory, GListModel *model);

G_END_DECLS
