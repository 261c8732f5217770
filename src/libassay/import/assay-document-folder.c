/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Copies of imported candidates' documents. */
#include "config.h"

#include "assay-document-folder.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

#define FOLDER "documents"
#define LOCK_NAME ".lock"

struct _AssayDocumentFolder
{
  char *path;
  int lock_fd;
};

/* What a CV is written in. Nothing that a program would run when it is opened. */
static const char *const endings[] = {
  ".pdf", ".doc", ".docx", ".odt", ".rtf", ".txt", ".md", ".png", ".jpg", ".jpeg",
};

/* (nullable) (transfer none): the ending of a name as the table spells it */
static const char *
find_ending (const char *path)
{
  g_autofree char *folded = g_ascii_strdown (path, -1);

  for (guint i = 0; i < G_N_ELEMENTS (endings); i++)
    if (g_str_has_suffix (folded, endings[i]))
      return endings[i];
  return NULL;
}

static gboolean
lies_within (const char *path,
             const char *folder)
{
  g_autofree char *resolved = realpath (folder, NULL);
  gsize length;

  if (resolved == NULL)
    return FALSE;
  length = strlen (resolved);
  return strncmp (path, resolved, length) == 0 && (path[length] == '/' || strcmp (resolved, "/") == 0);
}

/* What is wrong with an open or named file; NULL if nothing is. */
static char *
check_state (const struct stat *state,
             const char        *name)
{
  if (!S_ISREG (state->st_mode))
    return g_strdup_printf (_ ("“%s” is not a file. Name the document itself."), name);
  if (state->st_size == 0)
    return g_strdup_printf (_ ("“%s” is empty. Save the document again."), name);
  if (state->st_size > (goffset) ASSAY_DOCUMENT_MAX_SIZE)
    {
      g_autofree char *limit = g_format_size_full (ASSAY_DOCUMENT_MAX_SIZE, G_FORMAT_SIZE_IEC_UNITS);

      /* Translators: %1$s is a file's name, %2$s a size such as "10 MiB" */
      return g_strdup_printf (_ ("“%1$s” is larger than %2$s. Save it smaller."), name, limit);
    }
  return NULL;
}

char *
assay_document_check (const char  *path,
                      const char  *within,
                      char       **resolved)
{
  g_autofree char *real = realpath (path, NULL);
  gboolean missing = real == NULL && errno == ENOENT;
  g_autofree char *base = g_path_get_basename (path);
  g_autofree char *name = g_utf8_make_valid (base, -1);
  g_autofree char *problem = NULL;
  struct stat state;

  /* Said first, and for a file that isn't there too: what lies outside is nobody's business. */
  if (within != NULL && (real == NULL ? !missing : !lies_within (real, within)))
    return g_strdup_printf (_ ("“%s” isn't in the folder of the file. Put the document beside it, and name it by that."),
                            name);
  if (real == NULL || stat (real, &state) < 0)
    return g_strdup_printf (_ ("There is no file “%s”. Correct the path, or put the document there."), name);
  problem = check_state (&state, name);
  if (problem != NULL)
    return g_steal_pointer (&problem);
  if (find_ending (path) == NULL || find_ending (real) == NULL)
    return g_strdup_printf (_ ("“%s” is no document. Take a PDF, a text document or a picture."), name);
  if (access (real, R_OK) < 0)
    return g_strdup_printf (_ ("“%s” can't be read. Check its permissions."), name);
  if (resolved != NULL)
    {
      g_free (*resolved);
      *resolved = g_strdup (real);
    }
  return NULL;
}

static void
set_folder_error (GError     **error,
                  int          errsv,
                  const char  *path)
{
  g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_STORAGE,
               /* Translators: %1$s is a folder, %2$s the system's reason */
               _ ("Assay can't keep documents in “%1$s”: %2$s."), path, g_strerror (errsv));
}

AssayDocumentFolder *
assay_document_folder_open (const char  *store_directory,
                            GError     **error)
{
  g_autofree char *path = g_build_filename (store_directory, FOLDER, NULL);
  g_autofree char *lock_path = g_build_filename (path, LOCK_NAME, NULL);
  AssayDocumentFolder *self;
  int fd;

  if (g_mkdir_with_parents (path, 0700) < 0)
    {
      set_folder_error (error, errno, path);
      return NULL;
    }
  fd = g_open (lock_path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  while (fd >= 0 && flock (fd, LOCK_EX) < 0)
    if (errno != EINTR)
      {
        int errsv = errno;

        close (fd);
        errno = errsv;
        fd = -1;
      }
  if (fd < 0)
    {
      set_folder_error (error, errno, path);
      return NULL;
    }
  self = g_new0 (AssayDocumentFolder, 1);
  self->path = g_steal_pointer (&path);
  self->lock_fd = fd;
  return self;
}

void
assay_document_folder_close (AssayDocumentFolder *self)
{
  if (self == NULL)
    return;
  close (self->lock_fd);
  g_free (self->path);
  g_free (self);
}

/* At most ASSAY_DOCUMENT_MAX_SIZE: a file may grow while it is read. */
static gboolean
copy_bytes (int from,
            int to)
{
  static const gsize room = 64 * 1024;
  g_autofree char *buffer = g_malloc (room);
  gsize total = 0;

  for (;;)
    {
      gssize got = read (from, buffer, room);
      gssize done = 0;

      if (got < 0 && errno == EINTR)
        continue;
      if (got < 0)
        return FALSE;
      if (got == 0)
        return fsync (to) == 0;
      total += (gsize) got;
      if (total > ASSAY_DOCUMENT_MAX_SIZE)
        {
          errno = EFBIG;
          return FALSE;
        }
      while (done < got)
        {
          gssize written = write (to, buffer + done, (gsize) (got - done));

          if (written < 0 && errno != EINTR)
            return FALSE;
          done += MAX (written, 0);
        }
    }
}

char *
assay_document_folder_add (AssayDocumentFolder  *self,
                           const char           *path,
                           GError              **error)
{
  const char *ending = find_ending (path);
  g_autofree char *id = g_uuid_string_random ();
  g_autofree char *file = g_strconcat (id, ending, NULL);
  g_autofree char *target = g_build_filename (self->path, file, NULL);
  g_autofree char *name = g_filename_display_basename (path);
  g_autofree char *problem = NULL;
  struct stat state;
  gboolean copied;
  int from, to, errsv;

  from = g_open (path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0);
  if (from < 0 || fstat (from, &state) < 0 || ending == NULL)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_INVALID,
                   _ ("“%s” isn't what it was a moment ago, so nothing was imported. Try it again."), name);
      if (from >= 0)
        close (from);
      return NULL;
    }
  problem = check_state (&state, name);
  if (problem != NULL)
    {
      g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_INVALID, problem);
      close (from);
      return NULL;
    }

  to = g_open (target, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
  copied = to >= 0 && copy_bytes (from, to);
  errsv = errno;
  if (to >= 0)
    close (to);
  close (from);
  if (!copied)
    {
      if (to >= 0)
        g_unlink (target);
      set_folder_error (error, errsv, self->path);
      return NULL;
    }
  return g_steal_pointer (&file);
}

gboolean
assay_document_folder_sweep (AssayDocumentFolder  *self,
                             GHashTable           *files,
                             GError              **error)
{
  g_autoptr (GDir) directory = g_dir_open (self->path, 0, NULL);
  const char *name;
  gboolean swept = TRUE;

  if (directory == NULL)
    {
      set_folder_error (error, ENOENT, self->path);
      return FALSE;
    }
  while ((name = g_dir_read_name (directory)) != NULL)
    {
      g_autofree char *path = NULL;

      if (g_str_equal (name, LOCK_NAME) || g_hash_table_contains (files, name))
        continue;
      path = g_build_filename (self->path, name, NULL);
      if (g_unlink (path) < 0 && swept)
        {
          set_folder_error (error, errno, path);
          swept = FALSE;
        }
    }
  return swept;
}

char *
assay_document_folder_dup_path (const char *store_directory,
                                const char *file)
{
  return g_build_filename (store_directory, FOLDER, file, NULL);
}
