/* cvm-context-prepare.c: what a check can do before a guest is started
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-context-private.h"

void
cvm_context_set_image (CvmContext *self,
                       CvmImage   *image)
{
  g_clear_pointer (&self->job->image, cvm_image_unref);
  self->job->image = cvm_image_ref (image);
  cvm_job_fact (self->job, "image", image->name);
}

static void
take_wish (CvmJob             *job,
           const CvmGuestWish *wish)
{
  g_free (job->wish.mac);
  g_free (job->wish.kernel);
  g_free (job->wish.initrd);
  g_free (job->wish.cmdline);
  job->wish = *wish;
  job->wish.mac = g_strdup (wish->mac);
  job->wish.kernel = g_strdup (wish->kernel);
  job->wish.initrd = g_strdup (wish->initrd);
  job->wish.cmdline = g_strdup (wish->cmdline);
}

const char *
cvm_context_describe_guest (CvmContext         *self,
                            const CvmGuestWish *wish)
{
  CvmJob *job = self->job;

  if (job->guest == NULL && wish != NULL)
    take_wish (job, wish);

  if (!cvm_job_describe_guest (job, cvm_context_get_deadline (self), cvm_context_error (self)))
    return NULL;

  return cvm_guest_get_xml (job->guest);
}

gboolean
cvm_context_define_guest (CvmContext *self)
{
  return cvm_job_define_guest (self->job, cvm_context_get_deadline (self),
                               cvm_context_error (self));
}

const char *
cvm_context_describe_network (CvmContext *self)
{
  if (!cvm_job_describe_network (self->job, cvm_context_get_deadline (self),
                                 cvm_context_error (self)))
    return NULL;

  return self->job->network_xml;
}

gboolean
cvm_context_define_network (CvmContext *self)
{
  return cvm_job_define_network (self->job, cvm_context_get_deadline (self),
                                 cvm_context_error (self));
}

gboolean
cvm_context_start_network (CvmContext *self)
{
  return cvm_job_define_network (self->job, cvm_context_get_deadline (self),
                                 cvm_context_error (self))
         && cvm_job_start_network (self->job, cvm_context_get_deadline (self),
                                   cvm_context_error (self));
}

char *
cvm_context_dup_path (CvmContext *self,
                      const char *name)
{
  return cvm_run_folder_job_file (self->job->folder, self->job->spec->id, name,
                                  cvm_context_error (self));
}
