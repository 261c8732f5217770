/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One request to a played vendor and the answer to it, apart from how they travel. */

#pragma once

#include <libsoup/soup.h>

#include "sandbox-json.h"

G_BEGIN_DECLS

typedef struct
{
  char *name;
  char *value;
} SandboxParameter;

typedef struct
{
  const char         *method;
  const char         *path;         /* decoded, begins with a slash */
  SoupMessageHeaders *headers;
  GPtrArray          *parameters;   /* (element-type SandboxParameter), decoded, in the order sent */
  gboolean            query_broken; /* the query wasn't well-formed */
  GBytes             *body;
  char               *operation;

  guint               status;       /* 0 until answered */
  char               *content_type;
  GBytes             *answer;       /* (nullable) */
  SoupMessageHeaders *answer_headers;
} SandboxRequest;

SandboxRequest *sandbox_request_new           (SoupServerMessage *message,
                                               const char        *path);
void            sandbox_request_free          (SandboxRequest    *self);

/* (nullable): the value of the first parameter of that name */
const char     *sandbox_request_get_parameter (SandboxRequest    *self,
                                               const char        *name);
/* (nullable): the media type of the body, lower case, without its parameters */
char           *sandbox_request_dup_type      (SandboxRequest    *self);
const char     *sandbox_request_get_header    (SandboxRequest    *self,
                                               const char        *name);
/* (nullable): the user name of HTTP Basic; %NULL too where there is a password. */
char           *sandbox_request_dup_basic     (SandboxRequest    *self);
/* (nullable) */
char           *sandbox_request_dup_bearer    (SandboxRequest    *self);

/* Ends the request. @json and @text are taken. */
void            sandbox_request_answer_json   (SandboxRequest    *self,
                                               guint              status,
                                               const char        *content_type,
                                               SandboxJson       *json);
void            sandbox_request_answer_text   (SandboxRequest    *self,
                                               guint              status,
                                               const char        *content_type,
                                               char              *text);
void            sandbox_request_answer        (SandboxRequest    *self,
                                               guint              status,
                                               const char        *content_type,
                                               GBytes            *body);
/* `{"message": …}`, which providers and the control use for failures. */
void            sandbox_request_answer_message (SandboxRequest   *self,
                                                guint             status,
                                                const char       *message);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SandboxRequest, sandbox_request_free)

G_END_DECLS
