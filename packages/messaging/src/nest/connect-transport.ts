import type { ArgumentsHost, ExceptionFilter, INestApplication } from '@nestjs/common';
import { Catch } from '@nestjs/common';
import type { NestMicroservice } from '@nestjs/microservices';
import { type Observable, throwError } from 'rxjs';
import type { ServiceTransport } from './service-transport.js';

/** Hands errors to the transport as they are: it redelivers events and turns the errors of requests into problems. */
@Catch()
class PassThroughFilter implements ExceptionFilter {
  catch(error: unknown, _host: ArgumentsHost): Observable<never> {
    return throwError(() => error);
  }
}

/**
 * Connects the transport to an application, before `app.startAllMicroservices()`:
 *
 * ```ts
 * const app = await NestFactory.create(RootModule); // imports the modules of several services
 * connectTransport(app, new ServiceTransport({ bus, rpc }));
 * await app.startAllMicroservices();
 * await app.listen(3001);
 * ```
 */
export function connectTransport(app: INestApplication, transport: ServiceTransport): void {
  const microservice = app.connectMicroservice(
    { strategy: transport },
    { deferInitialization: true },
  ) as NestMicroservice;
  microservice.useGlobalFilters(new PassThroughFilter());
  // What Nest does itself when initialization is not deferred, only after the filter is known: otherwise every module's
  // lifecycle hooks would run twice, once for the microservice and once for the application.
  microservice.registerListeners();
  microservice.setIsInitialized(true);
  microservice.setIsInitHookCalled(true);
}
