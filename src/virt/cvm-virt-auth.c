/* cvm-virt-auth.c: what libvirt asks while it connects, put to whoever can answer
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-virt-auth.h"

#include <stdlib.h>
#include <string.h>

/* Name and password are asked for at once, though libvirt comes twice */
static gboolean
ask (CvmVirtAuth *self,
     gboolean     has_user)
{
  g_autoptr(GError) error = NULL;
  gboolean is_answered;

  if (self->ask == NULL)
    return FALSE;

  self->login.place = self->uri;
  self->login.has_user = has_user;
  cvm_virt_call_pause (self->call);
  is_answered = self->ask (&self->login, self->data, self->cancellable, &error);
  cvm_virt_call_resume (self->call);

  return is_answered;
}

static const char *
answer_name (CvmVirtAuth          *self,
             virConnectCredential *wanted)
{
  if (self->login.user == NULL && wanted->defresult != NULL)
    self->login.user = g_strdup (wanted->defresult);

  return ask (self, FALSE) ? self->login.user : NULL;
}

static const char *
answer_password (CvmVirtAuth *self)
{
  if (self->login.password == NULL && !ask (self, self->login.user != NULL))
    return NULL;

  return self->login.password;
}

static gboolean
answer (CvmVirtAuth          *self,
        virConnectCredential *wanted)
{
  const char *text;

  if (wanted->type == VIR_CRED_REALM)
    text = wanted->defresult != NULL ? wanted->defresult : "";
  else if (wanted->type == VIR_CRED_PASSPHRASE || wanted->type == VIR_CRED_NOECHOPROMPT)
    text = answer_password (self);
  else
    text = answer_name (self, wanted);

  if (text == NULL)
    return FALSE;

  wanted->result = strdup (text);   /* libvirt's to free */
  wanted->resultlen = (unsigned int)strlen (text);

  return TRUE;
}

static int
on_asked (virConnectCredentialPtr wanted,
          unsigned int            n_wanted,
          void                   *data)
{
  CvmVirtAuth *self = data;

  self->was_asked = TRUE;
  for (unsigned int i = 0; i < n_wanted; i++)
    {
      if (!answer (self, &wanted[i]))
        {
          self->is_declined = TRUE;
          return -1;
        }
    }

  return 0;
}

virConnectPtr
cvm_virt_auth_open (CvmVirtAuth *self)
{
  static int types[] = { VIR_CRED_USERNAME, VIR_CRED_AUTHNAME, VIR_CRED_ECHOPROMPT,
                         VIR_CRED_REALM, VIR_CRED_PASSPHRASE, VIR_CRED_NOECHOPROMPT };
  virConnectAuth auth = { types, G_N_ELEMENTS (types), on_asked, self };

  return virConnectOpenAuth (self->uri, &auth, 0);
}

void
cvm_virt_auth_clear (CvmVirtAuth *self)
{
  cvm_login_clear (&self->login);
}
