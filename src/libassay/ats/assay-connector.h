/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is common to ATS and provider connectors: the description, in which vendors differ as data, and the probe.
 *
 * A connector translates: a vendor's wire in, the model out. It knows no store, no keyring, no widget, and opens no
 * session of its own. Forms, `assayctl connection kinds` and sentences are drawn from its description, so that a new
 * vendor is one new file plus a line in assay-connector.c. */
#pragma once

#include "assay-http.h"
#include "assay-model.h"
#include "assay-webhook.h"

G_BEGIN_DECLS

/* What a provider can do. The window shows only what is there. */
typedef enum
{
  ASSAY_CAN_EDIT_INVITEE = 1 << 0,     /* "edits-invitee": name and e-mail may differ from the ATS's */
  ASSAY_CAN_REPORT_PERCENT = 1 << 1,   /* "reports-percent": an overall score is in percent */
  ASSAY_CAN_NAMED_SCORES = 1 << 2,     /* "named-scores" */
  ASSAY_CAN_PARTIAL_RESULTS = 1 << 3,  /* "partial-results" */
  ASSAY_CAN_RESEND = 1 << 4,           /* "can-resend" */
  ASSAY_CAN_CANCEL = 1 << 5,           /* "can-cancel" */
  ASSAY_CAN_LOOK_UP = 1 << 6,          /* "can-look-up": whether an invitation arrived can be asked by e-mail */
  ASSAY_CAN_RETAKE = 1 << 7,           /* "can-retake": the same person may be invited again on purpose */
  ASSAY_NEEDS_HAND_ENTRY = 1 << 8,     /* "needs-hand-entry": it can't be asked for progress: a person enters it */
  ASSAY_CAN_FLAGS = 1 << 9,            /* "flags": remarks such as suspected cheating, for people to judge */
  ASSAY_CAN_DEADLINE = 1 << 10,        /* "deadline": an invitation may say until when it is valid */
  ASSAY_CAN_IMPORT = 1 << 11,          /* "imports-candidates": it has people, from files or by hand; no assessments */
  ASSAY_MAILS_NOBODY = 1 << 12,        /* "mails-nobody": an invitation is a link, and the recruiter hands it on */
} AssayCapabilities;

/* (transfer full): the names of the capabilities in @capabilities, NULL-terminated */
char **assay_capabilities_to_strings (AssayCapabilities capabilities);

typedef enum
{
  ASSAY_SETTING_TEXT,
  ASSAY_SETTING_URL,        /* a base address, see assay_http_check_base_url() */
  ASSAY_SETTING_SUBDOMAIN,  /* the first label of a host; a whole pasted address is understood */
  ASSAY_SETTING_CHOICE,     /* one of @choices, or begins with one that ends in ':' ("header:NAME") */
  ASSAY_SETTING_PATH,       /* a path relative to the base address */
  ASSAY_SETTING_LINKS,      /* names with their links, see assay_links_parse() */
} AssaySettingType;

/* A setting. All texts are marked for translation and go through gettext by whoever shows them. */
typedef struct
{
  const char *name;              /* as on the command line: "base-url" */
  const char *title;             /* "Base address" */
  const char *description;       /* (nullable) a sentence */
  AssaySettingType type;
  gboolean required;
  gboolean advanced;             /* whether a form hides it at first */
  const char *default_value;     /* (nullable) */
  const char *const *choices;    /* (nullable) NULL-terminated */
  const char *placeholder;       /* (nullable) an example */
  const char *domain;            /* of a subdomain: what follows it ("pinpointhq.com") */
  const char *const *where_to_find;   /* (nullable) NULL-terminated steps in the vendor's own screens */
  /* (nullable): "auth=oauth": it matters, and may be required, only while that setting has that value, or one of
   * several: "profile=partner|plugin". A form shows it only then; see assay_connector_applies(). */
  const char *only_with;
} AssaySettingDescription;

typedef struct
{
  const char *name;                      /* "api-key" */
  const char *title;                     /* "API key" */
  gboolean required;
  const char *const *where_to_find;      /* NULL-terminated steps in the vendor's own screens */
  const char *only_with;                 /* (nullable): as a setting's */
} AssaySecretDescription;

/* What has to be so before one can begin. */
typedef struct
{
  const char *requirement;   /* a sentence: "You belong to Pinpoint's “Administrator” access group." */
  const char *how_to_tell;   /* (nullable) how one sees whether it is so */
  const char *if_not;        /* (nullable) what to do if it isn't */
} AssayPrerequisiteDescription;

/* A permission the vendor's key needs, in the vendor's words. */
typedef struct
{
  const char *name;       /* "Job" */
  const char *access;     /* "Read" */
  gboolean needed;
  const char *purpose;    /* what Assay does with it */
  const char *remedy;     /* how to grant it */
} AssayPermissionDescription;

/* What somebody's role in the vendor's own system lets them do here, in the vendor's words. */
typedef struct
{
  const char *name;       /* "Super Admin" */
  gboolean can_enable;    /* whether it can set the connection up */
  gboolean can_use;       /* whether it can use what is set up */
  const char *note;       /* (nullable) what it can and can't, and whom to ask: a sentence or two */
} AssayRoleDescription;

/* A scope that is asked for when one signs in through the browser. */
typedef struct
{
  const char *name;       /* "opportunities:write:admin" */
  const char *purpose;    /* what Assay does with it */
  const char *only_with;  /* (nullable): as a setting's */
} AssayScopeDescription;

/* How one signs in at a vendor through the browser: OAuth 2.0 with an authorization code. The settings "client-id",
 * "authorize-url", "token-url", "audience" and "redirect-url" and the secret "client-secret" belong to it. */
typedef struct
{
  const char *only_with;                 /* as a setting's: whether a connection signs in this way */
  const AssayScopeDescription *scopes;   /* ends with a NULL name; the order to show and to ask in */
  /* The address or audience where the setting of that name is empty; (transfer full) (nullable) */
  char *(*dup_default) (const char *setting, GHashTable *settings);
} AssaySignInDescription;

typedef struct _AssayConnectorDescription AssayConnectorDescription;

/* What a connector object is made from. */
typedef struct
{
  AssayHttp *http;
  const AssayConnection *connection;  /* settings are checked and defaults are filled in */
  GHashTable *secrets;                /* name → value; borrowed for the call */
  AssayHttpTokens *tokens;            /* (nullable): of a connection that signs in through the browser */
} AssayConnectorContext;

struct _AssayConnectorDescription
{
  const char *id;                                   /* "pinpoint" */
  const char *name;                                 /* "Pinpoint" */
  AssayRole role;
  const char *summary;                              /* what it can do, in a line */
  AssayCapabilities capabilities;                   /* of the kind, whatever the settings */
  /* (nullable): where settings make a difference: what it can with @settings, which may be as typed */
  AssayCapabilities (*get_capabilities) (GHashTable *settings);
  const AssaySettingDescription *settings;          /* ends with a NULL name */
  const AssaySecretDescription *secrets;            /* ends with a NULL name */
  const AssayPermissionDescription *permissions;    /* ends with a NULL name */
  const AssayRoleDescription *roles;                /* (nullable) ends with a NULL name; the most powerful first */
  const AssayPrerequisiteDescription *prerequisites;   /* (nullable) ends with a NULL requirement */
  /* (nullable): the setting that tells a vendor's two integrations apart. Two connections of this kind that differ in
   * it both invite: whoever is invited by one may be invited again by the other. */
  const char *twice_setting;
  const AssaySignInDescription *sign_in;            /* (nullable): where one can sign in through the browser */
  const char *const *disconnect_steps;              /* NULL-terminated: what is left to do at the vendor's */
  /* (nullable): for an ATS: NULL-terminated: how a provider's own integration, which works without Assay, is ended in
   * it; the key that Assay uses isn't touched */
  const char *const *direct_steps;
  const char *const *help_urls;                     /* NULL-terminated pages of the vendor's; may be empty */
  AssayHttpPace pace;
  /* Makes the connector: an AssayAts or an AssayProvider by @role; (transfer full) (nullable) */
  GObject *(*create) (const AssayConnectorDescription *description, const AssayConnectorContext *context,
                      GError **error);
  /* (nullable): the base address when the setting "base-url" is empty; (transfer full) (nullable) */
  char *(*get_default_base_url) (GHashTable *settings);
  /* (nullable): an application's page in the ATS, for a browser. @job_remote_id: (nullable); (transfer full)
   * (nullable) */
  char *(*build_application_url) (GHashTable *settings, const char *job_remote_id, const char *remote_id);
  const AssayWebhookDescription *webhook;           /* (nullable) how to have it report by itself */
  /* (nullable): checks and reads a delivery. @headers: see assay_webhook_headers_new(); @secret: what it is to be
   * signed with; @now: Unix milliseconds, against which a vendor's own time is held where it has one; @event: (out)
   * (transfer full). Returns FALSE with %ASSAY_ERROR_UNAUTHORIZED if the signature is wrong or missing (then nothing
   * of the body has been read), %ASSAY_ERROR_BAD_RESPONSE if a rightly signed body makes no sense. Needs no thread
   * and no main loop, and has no memory: that an event is new is the caller's to find out. */
  gboolean (*parse_webhook) (GHashTable *headers, GBytes *body, const char *secret, gint64 now,
                             AssayWebhookEvent **event, GError **error);
};

/* NULL-terminated, in the order to show them. */
const AssayConnectorDescription *const *assay_connector_get_kinds (void);
/* (nullable) */
const AssayConnectorDescription *assay_connector_find (const char *kind);

/* (transfer container) (element-type AssayConnectorDescription): the systems among @connections (element-type
 * AssayConnection) in which @description's own integration, if it has one, is ended apart: see direct_steps. Each once;
 * none for an ATS */
GPtrArray *assay_connector_list_direct (const AssayConnectorDescription *description, GPtrArray *connections);

/* What the system behind @connection can do, set up as it is; nothing for a kind that isn't known. */
AssayCapabilities assay_connector_get_capabilities (const AssayConnection *connection);

/**
 * assay_connector_check_settings:
 * @description: a kind
 * @settings: name → value as typed
 * @error: return location for %ASSAY_ERROR_INVALID, naming the setting
 *
 * Checks and cleans: trims, takes a subdomain out of a pasted address, checks addresses and choices, fills in
 * defaults, refuses unknown names and missing required ones.
 *
 * Returns: (transfer full) (nullable): the cleaned settings
 */
GHashTable *assay_connector_check_settings (const AssayConnectorDescription *description,
                                            GHashTable *settings, GError **error);

/* The same for one value, for forms that check as one types; (transfer full) (nullable) */
char *assay_connector_check_setting (const AssayConnectorDescription *description,
                                     const AssaySettingDescription *setting, const char *value, GError **error);

/* Whether what has @only_with (nullable: always) matters with these settings, defaults counted. */
gboolean assay_connector_applies (const AssayConnectorDescription *description, const char *only_with,
                                  GHashTable *settings);
/* Whether a connection with these settings signs in through the browser, see
 * assay_service_sign_in_connection_async(). */
gboolean assay_connector_uses_sign_in (const AssayConnectorDescription *description, GHashTable *settings);
/* (transfer container) (element-type AssayScopeDescription): what a sign-in with these settings asks for, to show
 * before */
GPtrArray *assay_connector_list_scopes (const AssayConnectorDescription *description, GHashTable *settings);

/* The address that requests go to: the setting "base-url", or the kind's default.
 * (transfer full) (nullable): %ASSAY_ERROR_INVALID when there is neither */
char *assay_connector_dup_base_url (const AssayConnectorDescription *description, GHashTable *settings, GError **error);

/**
 * assay_connector_clean_secret:
 * @value: as pasted
 * @cleaned: (out) (optional): whether spaces or line breaks were removed
 *
 * Returns: (transfer full): the secret without surrounding white space and without line breaks, in non-pageable memory;
 *   free with secret_password_free()
 */
char *assay_connector_clean_secret (const char *value, gboolean *cleaned);

/**
 * assay_connector_doubt_secret:
 * @description: a kind
 * @secret: one of its secrets
 * @value: as assay_connector_clean_secret() gives it
 *
 * Looks whether the form of @value shows that it isn't what is asked for: an address, an e-mail address, a scheme's
 * name left in front, or the key of another system whose keys can be told by their beginning. A form that isn't known
 * is good.
 *
 * Returns: (transfer full) (nullable): a sentence that says what it looks like and what to do; it doesn't repeat @value
 */
char *assay_connector_doubt_secret (const AssayConnectorDescription *description, const AssaySecretDescription *secret,
                                    const char *value);

/**
 * assay_connector_judge_address:
 * @error: (transfer full): what the first, plain question to a vendor ended with
 * @sentence: where the vendor's API is, and what to check
 *
 * A record that every account has and that isn't there, or an answer that isn't the vendor's, says that the base
 * address leads elsewhere.
 *
 * Returns: (transfer full): %ASSAY_ERROR_INVALID with @sentence and the vendor's words; @error itself where it is about
 *   something else
 */
GError *assay_connector_judge_address (GError *error, const char *sentence);

/* When a secret ends by its own word, in Unix milliseconds: the "exp" of a JSON Web Token (RFC 7519, section 4.1.4); 0
 * where it says nothing. */
gint64 assay_connector_get_secret_expiry (const char *value);

/* The channel by which @connector reaches its vendor. Each connector sets it when it is made. */
void              assay_connector_set_channel (GObject *connector, AssayHttpChannel *channel);
/* (nullable) (transfer none) */
AssayHttpChannel *assay_connector_get_channel (GObject *connector);

/* Ends a call that the system behind the connector @self has nothing for: %G_IO_ERROR_NOT_SUPPORTED with @sentence. */
void              assay_connector_report_unsupported (gpointer self, GAsyncReadyCallback callback, gpointer user_data,
                                                      const char *sentence);

/* Whether a permission is there. */
typedef enum
{
  ASSAY_GRANTED_UNKNOWN = -1, /* can't be probed without writing */
  ASSAY_GRANTED_NO = 0,
  ASSAY_GRANTED_YES = 1,
} AssayGranted;

typedef struct
{
  char *name;
  char *access;
  gboolean needed;
  AssayGranted granted;
  char *remedy;       /* (nullable) what to do, or how to look */
} AssayPermission;

/* What a test of a connection found. */
typedef struct
{
  gboolean ok;
  char *account;            /* (nullable) */
  GPtrArray *permissions;   /* (element-type AssayPermission) */
  GError *error;            /* (nullable) why it isn't ok: the first thing to mend */
} AssayProbe;

AssayProbe      *assay_probe_new (void);
/* Called while a probe goes on, whenever more of it has been answered: @probe holds the permissions that were, in the
 * description's order, and the account once it is known; whether it is ok isn't known yet. */
typedef void (*AssayProbeProgress) (const AssayProbe *probe, gpointer user_data);

/* Appends a permission by its description. */
AssayPermission *assay_probe_add (AssayProbe *probe, const AssayPermissionDescription *permission,
                                  AssayGranted granted);
void             assay_probe_free (AssayProbe *probe);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayProbe, assay_probe_free)

G_END_DECLS
