/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The store's folder: made private, locked among processes, and with a register of which processes run.
 *
 * All locks are those of open file descriptions: the system drops them when the process ends in whatever way, and
 * two stores in one process exclude each other like two processes. */
#include "config.h"

#include "assay-store-private.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

/* Bytes of the lock file. */
#define TURN_BYTE 0
#define PRESENCE_BYTE 1

#define LOCK_PATIENCE (30 * G_TIME_SPAN_SECOND)

struct _AssayStoreFiles
{
  char *directory;
  char *database_path;
  char *suspect_path;
  int lock_fd;
  int owners_fd;
  GMutex owner_mutex;
  gint64 owner;
};

void
assay_store_files_set_error (GError     **error,
                             int          errsv,
                             const char  *path)
{
  switch (errsv)
    {
    case EROFS:
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_STORAGE,
                   _("Assay can’t save in “%s”, because that disk is read-only. Make it writable, or choose another "
                     "folder."),
                   path);
      break;
    case EACCES:
    case EPERM:
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_STORAGE,
                   _("Assay may not write in “%s”. Check who owns the folder and its permissions."), path);
      break;
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_STORAGE,
                   _("The disk is full, so Assay can’t save in “%s”. Free some space and start it again."), path);
      break;
    case ENOTDIR:
    case EEXIST:
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_STORAGE,
                   _("“%s” is not a folder, so Assay can’t keep its data there. Move what is in its place."), path);
      break;
    default:
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_STORAGE, _("Assay can’t use “%s”: %s."), path,
                   g_strerror (errsv));
      break;
    }
}

static int
open_private (const char  *directory,
              const char  *name,
              GError     **error)
{
  g_autofree char *path = g_build_filename (directory, name, NULL);
  int fd = g_open (path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);

  if (fd < 0)
    assay_store_files_set_error (error, errno, directory);
  return fd;
}

AssayStoreFiles *
assay_store_files_open (const char  *directory,
                        GError     **error)
{
  AssayStoreFiles *files;
  struct stat info;

  if (g_mkdir_with_parents (directory, 0700) < 0)
    {
      assay_store_files_set_error (error, errno, directory);
      return NULL;
    }
  if (g_stat (directory, &info) < 0 || !S_ISDIR (info.st_mode))
    {
      assay_store_files_set_error (error, ENOTDIR, directory);
      return NULL;
    }

  files = g_new0 (AssayStoreFiles, 1);
  files->directory = g_strdup (directory);
  files->database_path = g_build_filename (directory, "assay.db", NULL);
  files->suspect_path = g_build_filename (directory, "assay.check", NULL);
  files->lock_fd = files->owners_fd = -1;
  g_mutex_init (&files->owner_mutex);

  files->lock_fd = open_private (directory, "assay.lock", error);
  if (files->lock_fd >= 0)
    files->owners_fd = open_private (directory, "assay.owners", error);
  if (files->owners_fd < 0)
    {
      assay_store_files_close (files);
      return NULL;
    }
  return files;
}

void
assay_store_files_close (AssayStoreFiles *files)
{
  if (files == NULL)
    return;
  if (files->lock_fd >= 0)
    close (files->lock_fd);
  if (files->owners_fd >= 0)
    close (files->owners_fd);
  g_mutex_clear (&files->owner_mutex);
  g_free (files->directory);
  g_free (files->database_path);
  g_free (files->suspect_path);
  g_free (files);
}

const char *
assay_store_files_get_database_path (AssayStoreFiles *files)
{
  return files->database_path;
}

/* ---- The turn ---- */

static gboolean
lock_byte (int    fd,
           gint64 offset,
           short  type)
{
  struct flock lock = { .l_type = type, .l_whence = SEEK_SET, .l_start = offset, .l_len = 1 };

  return fcntl (fd, F_OFD_SETLK, &lock) == 0;
}

gboolean
assay_store_files_lock (AssayStoreFiles  *files,
                        GError          **error)
{
  gint64 deadline = g_get_monotonic_time () + LOCK_PATIENCE;
  gulong pause = 200; /* microseconds */

  /* Asked again and again, because the blocking form knows no deadline and a stopped process may hold the lock. */
  while (!lock_byte (files->lock_fd, TURN_BYTE, F_WRLCK))
    {
      if (errno != EAGAIN && errno != EACCES && errno != EINTR)
        {
          assay_store_files_set_error (error, errno, files->directory);
          return FALSE;
        }
      if (g_get_monotonic_time () > deadline)
        {
          assay_database_set_result_error (SQLITE_BUSY, error);
          return FALSE;
        }
      g_usleep (pause);
      pause = MIN (pause * 2, 10000);
    }
  return TRUE;
}

void
assay_store_files_unlock (AssayStoreFiles *files)
{
  lock_byte (files->lock_fd, TURN_BYTE, F_UNLCK);
}

gboolean
assay_store_files_enter (AssayStoreFiles *files)
{
  gboolean alone = lock_byte (files->lock_fd, PRESENCE_BYTE, F_WRLCK);

  lock_byte (files->lock_fd, PRESENCE_BYTE, F_RDLCK);
  return alone;
}

/* ---- A doubt that outlives the process ---- */

void
assay_store_files_mark_suspect (AssayStoreFiles *files)
{
  int fd = g_open (files->suspect_path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

  if (fd >= 0)
    close (fd);
}

gboolean
assay_store_files_is_suspect (AssayStoreFiles *files)
{
  return g_access (files->suspect_path, F_OK) == 0;
}

void
assay_store_files_clear_suspect (AssayStoreFiles *files)
{
  g_unlink (files->suspect_path);
}

/* ---- Owners ---- */

gint64
assay_store_files_claim_owner (AssayStoreFiles *files)
{
  gint64 owner;

  g_mutex_lock (&files->owner_mutex);
  while (files->owner == 0)
    {
      /* 62 bits, so that the byte's end is a valid offset too. */
      gint64 number = ((gint64) g_random_int () << 30 ^ g_random_int ()) & G_GINT64_CONSTANT (0x3fffffffffffffff);

      if (number != 0 && lock_byte (files->owners_fd, number, F_WRLCK))
        files->owner = number;
      else if (number != 0 && errno != EAGAIN && errno != EACCES && errno != EINTR)
        {
          /* Without locks nobody could tell that we run; an unlocked number is then taken for a dead one's, whose
           * rows are looked up before anything is sent again. */
          g_warning ("Can't lock the register of running copies: %s", g_strerror (errno));
          files->owner = number;
        }
    }
  owner = files->owner;
  g_mutex_unlock (&files->owner_mutex);
  return owner;
}

gboolean
assay_store_files_owner_is_alive (AssayStoreFiles *files,
                                  gint64           owner)
{
  struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = owner, .l_len = 1 };
  gboolean alive;

  if (owner <= 0 || owner == G_MAXINT64)
    return FALSE;

  g_mutex_lock (&files->owner_mutex);
  /* Our own lock doesn't stand in our own way, so it can't be asked for. */
  alive = owner == files->owner;
  g_mutex_unlock (&files->owner_mutex);
  if (!alive)
    /* Where the system can't tell, a living one is the careful answer. */
    alive = fcntl (files->owners_fd, F_OFD_GETLK, &lock) < 0 || lock.l_type != F_UNLCK;
  return alive;
}
